import { randomUUID } from 'node:crypto';
import { CloseCode } from '../../../src/protocol/close-codes';
import type { Restriction } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Stage } from './stage';

/** An hour from now, as clients write it. */
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('A ban', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;
  let admin: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob, admin } = stage);
  });

  afterAll(() => stage.server.stop());

  afterEach(() => jest.restoreAllMocks());

  const ban = (room: number, body: object = {}, by = ada) =>
    by.put<Restriction>(`/rooms/${room}/bans/${bob.id}`, body);

  it('tells who, why, until when and by whom', async () => {
    const room = await stage.aRoomOfBoth();
    const until = inAnHour();

    expect(await ban(room, { reason: ' spam ', until })).toMatchObject({
      status: 200,
      body: {
        user: { id: bob.id, username: 'bob' },
        kind: 'ban',
        reason: 'spam',
        until,
        created_by: ada.id,
      },
    });
    expect((await stage.eventsOf(room)).at(-1)).toEqual({
      type: 'member_banned',
      user_id: bob.id,
      reason: 'spam',
      until,
    });
  });

  it('needs no body', async () => {
    const room = await stage.aRoomOfBoth();

    const answer = await ada.put<Restriction>(`/rooms/${room}/bans/${bob.id}`);

    expect(answer).toMatchObject({ status: 200, body: { reason: null, until: null } });
  });

  it('takes the user out, ends their reading with 4403 and tells the others', async () => {
    const room = await stage.aRoomOfBoth();
    const { announce, removeUser } = stage.spyOnFeeds();

    await ban(room);

    expect(removeUser.mock.calls).toEqual([[room, bob.id, CloseCode.Forbidden, 'banned from the room']]);
    expect(announce.mock.calls.map(([, frame]) => frame)).toEqual([
      {
        type: 'member_updated',
        data: { room_id: room, user: { id: bob.id, username: 'bob' }, role: null, change: 'banned' },
      },
    ]);
    expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
  });

  it('keeps anyone from adding the user', async () => {
    const room = await stage.aRoomOfBoth('private');
    await ban(room);

    for (const adder of [ada, admin]) {
      expect(await adder.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' })).toMatchObject({
        status: 409,
        body: { code: 'user_banned' },
      });
    }
    expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
  });

  it('ends when it is lifted, without bringing the user back', async () => {
    const room = await stage.aRoomOfBoth();
    await ban(room);

    expect((await ada.delete(`/rooms/${room}/bans/${bob.id}`)).status).toBe(204);

    expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
    expect((await bob.post(`/rooms/${room}/join`)).status).toBe(200);
    expect((await stage.eventsOf(room)).at(-1)).toEqual({
      type: 'member_unbanned',
      user_id: bob.id,
    });
  });

  it('ends by itself, and lifting it then is no news', async () => {
    const room = await stage.aRoomOfBoth();
    await ban(room, { until: inAnHour() });
    await stage.passEnd(room);
    const { announce } = stage.spyOnFeeds();

    expect((await bob.get(`/rooms/${room}/messages`)).status).toBe(200);
    expect((await ada.delete(`/rooms/${room}/bans/${bob.id}`)).status).toBe(204);

    expect(announce).not.toHaveBeenCalled();
    expect((await bob.post(`/rooms/${room}/join`)).status).toBe(200);
  });

  it('said twice is one, and with another end it is changed', async () => {
    const room = await stage.aRoomOfBoth();
    const until = inAnHour();

    const [first, again, longer] = [await ban(room, { until }), await ban(room, { until }), await ban(room)];

    expect(again.body).toEqual(first.body);
    expect(longer.body).toMatchObject({ until: null });
    const bans = (await stage.eventsOf(room)).filter(({ type }) => type === 'member_banned');
    expect(bans.map((event) => event.until)).toEqual([until, null]);
    expect((await ada.delete(`/rooms/${room}/bans/${bob.id}`)).status).toBe(204);
    expect((await ada.delete(`/rooms/${room}/bans/${bob.id}`)).status).toBe(204);
  });

  it('leaves the last owner in place, even against an administrator', async () => {
    const room = await stage.aRoom();

    const answer = await admin.put(`/rooms/${room}/bans/${ada.id}`, {});

    expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect(await stage.owners(room)).toEqual([ada.id]);
  });

  it('leaves one owner when two ban each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await stage.aRoomOfBoth();
      await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });

      await Promise.all([ban(room), bob.put(`/rooms/${room}/bans/${ada.id}`, {})]);

      expect(await stage.owners(room)).toHaveLength(1);
    }
  });

  it('reaches users who are not there, and accounts that do not exist not', async () => {
    const room = await stage.aRoom();

    expect((await ban(room)).status).toBe(200);
    expect((await bob.post(`/rooms/${room}/join`)).status).toBe(403);
    expect(await ada.put(`/rooms/${room}/bans/999999`, {})).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
  });

  it.each([
    ['an end that has passed', { until: '2020-01-01T00:00:00Z' }],
    ['an end without an offset', { until: '2099-01-01T00:00:00' }],
    ['an end on a day that no calendar has', { until: '2099-02-30T00:00:00Z' }],
    ['an end in the year 10000', { until: '9999-12-31T23:59:59-23:59' }],
    ['an end that is a number', { until: 1e12 }],
    ['a reason without end', { reason: 'x'.repeat(501) }],
    ['an unknown field', { why: 'because' }],
  ])('refuses %s', async (_, body) => {
    const room = await stage.aRoomOfBoth();

    expect(await ban(room, body)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('may end in the last millisecond of the year 9999, and says so', async () => {
    const until = '9999-12-31T23:59:59.999Z';

    expect(await ban(await stage.aRoomOfBoth(), { until })).toMatchObject({ status: 200, body: { until } });
  });

  it('falls only on users who still have an account', async () => {
    const room = await stage.aRoom();
    const { id } = await aPerson(stage.server, `gone-${randomUUID().slice(0, 8)}`);
    await stage.server.dataSource.query(
      `UPDATE users SET deleted_at = now(), username = NULL, email = NULL, password_hash = NULL WHERE id = $1`,
      [id],
    );

    expect((await ada.put(`/rooms/${room}/bans/${id}`, {})).status).toBe(404);
  });
});

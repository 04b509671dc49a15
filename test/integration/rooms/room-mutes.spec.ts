import type { Message, Restriction, Room } from '../../../src/protocol/models';
import type { Person } from '../../support/person';
import { Stage } from './stage';

/** An hour from now, as clients write it. */
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('A mute', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  afterEach(() => jest.restoreAllMocks());

  const mute = (room: number, body: object = {}) =>
    ada.put<Restriction>(`/rooms/${room}/mutes/${bob.id}`, body);

  it('lets the user read and leave, and change nothing', async () => {
    const room = await stage.aRoomOfBoth('private');
    const { body: own } = await bob.post<Message>(`/rooms/${room}/messages`, { content: 'still free' });

    expect(await mute(room)).toMatchObject({ status: 200, body: { kind: 'mute', reason: null } });

    const path = `/rooms/${room}/messages/${own.id}`;
    const refused = [
      await bob.post(`/rooms/${room}/messages`, { content: 'not any more' }),
      await bob.patch(path, { content: 'mended' }),
      await bob.put(`${path}/reactions/${encodeURIComponent('👍')}`),
    ];
    expect(refused).toMatchObject(refused.map(() => ({ status: 403, body: { code: 'muted' } })));
    expect((await bob.get<Room>(`/rooms/${room}`)).body.my).toMatchObject({ muted: true });
    expect((await bob.get(`/rooms/${room}/messages`)).status).toBe(200);
    expect((await bob.post(`/rooms/${room}/leave`)).status).toBe(204);
  });

  it('leaves the answer to what was sent before as it was, whatever has been sent under another name', async () => {
    const room = await stage.aRoomOfBoth('private');
    const send = (client_msg_id: string) =>
      bob.post<Message>(`/rooms/${room}/messages`, { content: 'hello', client_msg_id });
    const { body: sent } = await send('before');
    await mute(room);

    expect(await send('before')).toMatchObject({ status: 200, body: sent });
    expect(await send('after')).toMatchObject({ status: 403, body: { code: 'muted' } });
    await ada.delete(`/rooms/${room}/members/${bob.id}`);
    expect(await send('before')).toMatchObject({ status: 404, body: { code: 'room_not_found' } });
  });

  it('is not ended by leaving and joining', async () => {
    const room = await stage.aRoomOfBoth();
    await mute(room);

    await bob.post(`/rooms/${room}/leave`);
    await bob.post(`/rooms/${room}/join`);

    expect((await bob.post(`/rooms/${room}/messages`, { content: 'x' })).status).toBe(403);
  });

  it('ends by itself or when it is lifted', async () => {
    const room = await stage.aRoomOfBoth();
    const speaks = async () => (await bob.post(`/rooms/${room}/messages`, { content: 'x' })).status;

    await mute(room, { until: inAnHour() });
    expect(await speaks()).toBe(403);
    await stage.passEnd(room);
    expect(await speaks()).toBe(201);
    await mute(room);
    expect(await speaks()).toBe(403);
    await ada.delete(`/rooms/${room}/mutes/${bob.id}`);
    expect(await speaks()).toBe(201);
    expect((await stage.eventsOf(room)).slice(-3).map(({ type }) => type)).toEqual([
      'member_muted',
      'member_muted',
      'member_unmuted',
    ]);
  });

  it('is told to the readers with the role that the member keeps', async () => {
    const room = await stage.aRoomOfBoth();
    const { announce, removeUser } = stage.spyOnFeeds();

    await mute(room);
    await ada.delete(`/rooms/${room}/mutes/${bob.id}`);

    expect(removeUser).not.toHaveBeenCalled();
    expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
      { data: { role: 'member', change: 'muted' } },
      { data: { role: 'member', change: 'unmuted' } },
    ]);
  });
});

import { randomUUID } from 'node:crypto';
import type { Invite, NewInvite } from '../../../src/protocol/invites';
import type { HistoryPage, Room } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { startTestServer } from '../../support/test-server';
import { Stage } from './stage';

describe('Invites', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;
  let room: number;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  beforeEach(async () => {
    room = await stage.aRoom('private');
  });

  afterEach(() => jest.restoreAllMocks());

  const invite = async (body: object = {}) =>
    (await ada.post<NewInvite>(`/rooms/${room}/invites`, body)).body;
  const accept = (person: Person, code: string) => person.post<Room>(`/invites/${code}/accept`);
  const list = async () => (await ada.get<Invite[]>(`/rooms/${room}/invites`)).body;
  const someone = () => aPerson(stage.server, `p-${randomUUID().slice(0, 8)}`);
  const nothing = { status: 404, body: { code: 'invite_not_found' } };

  it('make a member of whoever has the code, which the log and the readers are told', async () => {
    const { announce } = stage.spyOnFeeds();
    const { code } = await invite();

    const accepted = await accept(bob, code);

    expect(accepted).toMatchObject({
      status: 200,
      body: { id: room, member_count: 2, my: { role: 'member', unread_count: 0 } },
    });
    expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
      { data: { user: { id: bob.id }, role: 'member', change: 'joined' } },
    ]);
    const { body } = await ada.get<HistoryPage>(`/rooms/${room}/messages`);
    expect(body.messages.map(({ user_id, event }) => [user_id, event])).toEqual([
      [bob.id, { type: 'member_joined', user_id: bob.id }],
    ]);
  });

  it('tell their code once, 128 random bits, and keep only its hash', async () => {
    const made = await invite({ max_uses: 3, expires_at: '2099-01-01T00:00:00Z' });

    const { code, ...rest } = made;
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    expect(rest).toMatchObject({
      room_id: room,
      uses: 0,
      max_uses: 3,
      expires_at: '2099-01-01T00:00:00.000Z',
      created_by: ada.id,
    });
    expect(await list()).toEqual([rest]);
    const rows = await stage.server.dataSource.query<object[]>('SELECT * FROM room_invites');
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  it('count each use once, and let no more in than they say, however many come at once', async () => {
    const { code } = await invite({ max_uses: 3 });
    const people = await Promise.all(Array.from({ length: 8 }, someone));

    const answers = await Promise.all(
      people.flatMap((person) => [accept(person, code), accept(person, code)]),
    );

    expect(await stage.memberCount(room)).toEqual({ counted: 4, rows: 4 });
    const [row] = await stage.server.dataSource.query<object[]>(
      'SELECT uses FROM room_invites WHERE room_id = $1',
      [room],
    );
    expect(row).toEqual({ uses: 3 });
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(6).fill(200), ...Array<number>(10).fill(404)]);
    expect(await list()).toEqual([]);
  });

  it('are not used up by a member', async () => {
    const { code } = await invite({ max_uses: 1 });

    expect((await accept(ada, code)).status).toBe(200);
    expect((await accept(bob, code)).status).toBe(200);
    expect((await accept(bob, code)).status).toBe(200);
  });

  it.each([
    ['was never made', async () => 'A'.repeat(22)],
    ['is none', async () => 'x'],
    [
      'has expired',
      () => spoiled(`UPDATE room_invites SET expires_at = clock_timestamp() - interval '1 ms'`),
    ],
    ['is used up', () => spoiled('UPDATE room_invites SET max_uses = 1, uses = 1')],
    ['was revoked', () => spoiled('DELETE FROM room_invites')],
    ['is for an archived room', () => spoiled('UPDATE rooms SET is_active = false')],
    [
      'is for a room that the user is banned from',
      () => spoiled(`INSERT INTO room_restrictions (room_id, user_id, kind) SELECT $1, id, 'ban' FROM users`),
    ],
  ])('answer alike to a code that %s', async (_, code) => {
    const answer = await accept(bob, await code());

    expect(answer).toMatchObject(nothing);
    const { request_id, ...told } = answer.body as unknown as Record<string, unknown>;
    expect(request_id).toEqual(expect.any(String));
    const absent = await accept(bob, 'B'.repeat(22));
    expect(told).toEqual({ ...(absent.body as object), request_id: undefined });
    expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
  });

  /** The code of an invite to which something happens. */
  async function spoiled(sql: string): Promise<string> {
    const { code } = await invite();
    const statement = sql.startsWith('INSERT')
      ? sql
      : `${sql} WHERE ${sql.includes('rooms SET') ? 'id' : 'room_id'} = $1`;
    await stage.server.dataSource.query(statement, [room]);
    return code;
  }

  it('are revoked by their id, within their room', async () => {
    const { id, code } = await invite();
    const other = await stage.aRoom('private');

    expect((await ada.delete(`/rooms/${other}/invites/${id}`)).status).toBe(204);
    expect(await list()).toHaveLength(1);
    expect((await ada.delete(`/rooms/${room}/invites/${id}`)).status).toBe(204);
    expect((await ada.delete(`/rooms/${room}/invites/${id}`)).status).toBe(204);

    expect(await accept(bob, code)).toMatchObject(nothing);
  });

  it.each([
    { max_uses: 0 },
    { max_uses: 1.5 },
    { max_uses: '3' },
    { expires_at: '2020-01-01T00:00:00Z' },
    { expires_at: '9999-12-31T23:59:59-23:59' },
    { expires_at: 'tomorrow' },
    { uses: 3 },
  ])('are not made of %j', async (body) => {
    expect((await ada.post(`/rooms/${room}/invites`, body)).status).toBe(400);
  });

  it('tell of a limit only whom they would let in, and are not used up by that', async () => {
    const { databaseUrl, limits } = stage.server.config;
    const strict = await startTestServer({ databaseUrl, limits: { ...limits, rooms_joined_max: 0 } });
    const full = await aPerson(strict, `full-${randomUUID().slice(0, 8)}`);
    const living = await invite({ max_uses: 1 });
    const { code: dead } = await invite({ max_uses: 1 });
    await stage.server.dataSource.query('UPDATE room_invites SET uses = 1 WHERE room_id = $1 AND id <> $2', [
      room,
      living.id,
    ]);

    const answers = [await accept(full, dead), await accept(full, living.code)];
    await strict.stop();

    expect(answers).toMatchObject([nothing, { status: 409, body: { code: 'limit_reached' } }]);
    expect(await list()).toMatchObject([{ id: living.id, uses: 0 }]);
    expect((await accept(bob, living.code)).status).toBe(200);
  });

  it('are no more than the server allows', async () => {
    const { databaseUrl, limits } = stage.server.config;
    const strict = await startTestServer({ databaseUrl, limits: { ...limits, invites_max: 2 } });
    const eve = await aPerson(strict, `eve-${randomUUID().slice(0, 8)}`);
    const own = (await eve.post<Room>('/rooms', { name: randomUUID(), visibility: 'private' })).body.id;
    const make = () => eve.post(`/rooms/${own}/invites`, {});

    const answers = await Promise.all([make(), make(), make(), make()]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'limit_reached' });
    await strict.stop();
  });
});

import type { Room } from '../../src/protocol/models';
import { RoomEvents } from '../../src/rooms/room-events';
import { AccountClient, PASSWORD } from '../support/account-client';
import { holdRow } from '../support/hold-row';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

describe('The deletion of an account that is in hundreds of rooms', () => {
  let server: TestServer;
  let client: AccountClient;
  let other: Person;

  beforeAll(async () => {
    server = await startTestServer();
    client = new AccountClient(server);
    other = await aPerson(server, 'other');
  });
  afterAll(() => server.stop());

  const remove = (token: string) =>
    client.call('DELETE', '/users/me', { token, json: { password: PASSWORD } });

  /** So many private rooms of the user, with the other one in each; by id. */
  async function roomsOf(ownerId: number, count: number): Promise<number[]> {
    const rows = await server.dataSource.query<{ id: number }[]>(
      `WITH room AS (
         INSERT INTO rooms (name, visibility, member_count)
         SELECT gen_random_uuid(), 'private', 2 FROM generate_series(1, $3) RETURNING id
       ), members AS (
         INSERT INTO room_members (room_id, user_id, role)
         SELECT id, $1::int, 'owner' FROM room UNION ALL SELECT id, $2::int, 'member' FROM room
       )
       SELECT id FROM room ORDER BY id`,
      [ownerId, other.id, count],
    );
    return rows.map(({ id }) => id);
  }

  /** How many of the rooms have which owner, and how many are left, with both events in their log. */
  async function stateOf(rooms: number[]) {
    const owners = await server.dataSource.query<{ user_id: number; rooms: number }[]>(
      `SELECT user_id, count(*) AS rooms FROM room_members
        WHERE room_id = ANY ($1) AND role = 'owner' GROUP BY user_id`,
      [rooms],
    );
    const [left] = await server.dataSource.query<[{ rooms: number }]>(
      `SELECT count(*) AS rooms FROM rooms
        WHERE id = ANY ($1) AND member_count = 1
          AND (SELECT array_agg(event ->> 'type' ORDER BY seq) FROM messages
                WHERE room_id = rooms.id AND kind = 'system') = '{member_left,role_changed}'`,
      [rooms],
    );
    return { owners: new Map(owners.map(({ user_id, rooms }) => [user_id, rooms])), left: left.rooms };
  }

  it('holds up no message to one of them', async () => {
    const { user, access_token } = await client.register('lena');
    const rooms = await roomsOf(user.id, 300);
    const held = await holdRow(server, 'rooms', rooms.at(-1)!);

    const removing = remove(access_token);
    await held.queue(1);
    const sent = await other.post(`/rooms/${rooms[0]}/messages`, { content: 'meanwhile' });
    await held.release();

    expect(sent.status).toBe(201);
    expect((await removing).status).toBe(204);
    expect(await stateOf(rooms)).toEqual({ owners: new Map([[other.id, 300]]), left: 300 });
  });

  it('may end half way, and then leaves an account that can be deleted again', async () => {
    const { user, access_token } = await client.register('nora');
    const { body: direct } = await other.post<Room>('/rooms/direct', { user_id: user.id });
    const rooms = await roomsOf(user.id, 120);
    const events = server.app.get(RoomEvents, { strict: false });
    const record = events.record.bind(events);
    const failing = jest.spyOn(events, 'record').mockImplementation(async (manager, roomId, ...rest) => {
      if (roomId === rooms[110]) throw new Error('the process dies');
      return record(manager, roomId, ...rest);
    });

    const failed = await remove(access_token);
    failing.mockRestore();
    const between = await stateOf(rooms);
    const again = await client.login('nora');
    const opened = await client.call<Room>('POST', '/rooms/direct', {
      token: again.access_token,
      json: { user_id: other.id },
    });
    const repeated = await remove(again.access_token);

    expect([failed.status, repeated.status]).toEqual([500, 204]);
    expect(opened).toMatchObject({ status: 200, body: { id: direct.id, member_count: 2 } });
    expect(between).toEqual({
      owners: new Map([
        [user.id, 21],
        [other.id, 99],
      ]),
      left: 99,
    });
    expect(await stateOf(rooms)).toEqual({ owners: new Map([[other.id, 120]]), left: 120 });
    expect(await client.statusOf(again.access_token)).toBe('session_revoked');
    await expect(client.login('nora')).rejects.toThrow('invalid_credentials');
  });

  it('takes it also out of rooms that it is added to meanwhile', async () => {
    const { user, access_token } = await client.register('pia');
    const rooms = await roomsOf(user.id, 60);
    const held = await holdRow(server, 'rooms', rooms.at(-1)!);

    const removing = remove(access_token);
    await held.queue(1);
    const added = await other.put(`/rooms/${rooms[0]}/members/${user.id}`, { role: 'owner' });
    await held.release();
    const removed = await removing;

    expect([added.status, removed.status]).toEqual([201, 204]);
    expect(await server.dataSource.query('SELECT FROM room_members WHERE user_id = $1', [user.id])).toEqual(
      [],
    );
    expect((await stateOf(rooms)).owners).toEqual(new Map([[other.id, 60]]));
  });
});

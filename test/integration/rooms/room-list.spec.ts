import type { Room, RoomPage } from '../../../src/protocol/models';
import { holdTable, waitingFor } from '../../support/hold-table';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('The list of rooms', () => {
  let server: TestServer;
  let reader: Person;
  let ids: Record<'red' | 'green' | 'hidden' | 'own', number>;

  beforeAll(async () => {
    server = await startTestServer();
    const bob = await aPerson(server, 'bob');
    reader = await aPerson(server, 'reader');
    const make = async (owner: Person, name: string, visibility: Room['visibility']) =>
      (await owner.post<Room>('/rooms', { name, visibility })).body.id;
    ids = {
      red: await make(bob, 'finding 100% red', 'public'),
      green: await make(bob, 'finding 100 green', 'public'),
      hidden: await make(bob, 'finding hidden', 'private'),
      own: await make(reader, 'Finding Own', 'private'),
    };
    await reader.post(`/rooms/${ids.green}/join`);
  });

  afterAll(() => server.stop());

  const find = async (query: string) =>
    (await reader.get<RoomPage>(`/rooms?${query}`)).body.rooms.map((room) => room.id);

  it('shows public rooms and the own, and no other', async () => {
    expect(await find('search=finding')).toEqual([ids.red, ids.green, ids.own]);
  });

  it('takes % and _ and \\ for what they are', async () => {
    expect(await find(`search=${encodeURIComponent('100%')}`)).toEqual([ids.red]);
    expect(await find('search=finding_100')).toEqual([]);
    expect(await find(`search=${encodeURIComponent('\\')}`)).toEqual([]);
  });

  it('shows only the joined ones on demand', async () => {
    expect(await find('joined=true')).toEqual([ids.green, ids.own]);
    expect(await find('joined=false&search=finding')).toEqual([ids.red, ids.green, ids.own]);
  });

  it('walks through all of them by next_cursor, each once, in order', async () => {
    const walked: number[] = [];
    let cursor: number | null = 0;
    while (cursor !== null) {
      const path: string = `/rooms?limit=2&cursor=${cursor}`;
      const { body } = await reader.get<RoomPage>(path);
      expect(body.has_more).toBe(body.next_cursor !== null);
      walked.push(...body.rooms.map((room) => room.id));
      cursor = body.next_cursor;
    }

    expect(walked).toEqual([1, ids.red, ids.green, ids.own]);
  });

  it('says how much of a room the caller has not read', async () => {
    await server.dataSource.query('UPDATE rooms SET last_message_id = 5 WHERE id = $1', [ids.own]);

    const { body } = await reader.get<RoomPage>('/rooms?search=finding');

    expect(body.rooms.map((room) => room.my?.unread_count ?? null)).toEqual([null, 0, 5]);
  });

  it.each(['cursor=-1', 'cursor=1e1', 'cursor=01', 'limit=0', 'limit=101', 'joined=yes', 'sort=name'])(
    'refuses ?%s',
    async (query) => {
      expect((await reader.get(`/rooms?${query}`)).status).toBe(400);
    },
  );

  it.each(['0', '-1', '1.5', '01', '0x1', 'general', '2147483648', '%20'])(
    'refuses %j as an id',
    async (id) => {
      expect((await reader.get(`/rooms/${id}`)).status).toBe(400);
    },
  );

  it('takes few of the connections to the database, however often one user asks for it', async () => {
    const release = await holdTable(server, 'room_restrictions');

    const lists = Array.from({ length: 20 }, () => reader.get('/rooms'));
    await waitingFor(server.dataSource, 'room_restrictions');
    const profile = await reader.get('/auth/me');
    await release();

    expect(profile.status).toBe(200);
    expect(new Set((await Promise.all(lists)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('is refused as busy, and not as without a database, to who has too many of them under way', async () => {
    const release = await holdTable(server, 'room_restrictions');

    const lists = Array.from({ length: 3 }, () => reader.get('/rooms'));
    const refused = await Promise.race(lists);
    await release();

    expect(refused).toMatchObject({ status: 503, body: { code: 'server_busy' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await Promise.all(lists)).map(({ status }) => status).sort()).toEqual([200, 200, 503]);
  });
});

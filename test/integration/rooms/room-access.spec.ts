import type { Principal } from '../../../src/common/principal';
import type { HistoryPage, Room } from '../../../src/protocol/models';
import { MemberService } from '../../../src/rooms/member.service';
import { RoomAccess, type RoomGrant } from '../../../src/rooms/room-access.service';
import { RoomService } from '../../../src/rooms/room.service';
import type { Person } from '../../support/person';
import { type Statement, StatementRecorder } from '../../support/statement-recorder';
import { Stage } from './stage';

describe('RoomAccess', () => {
  let recorder: StatementRecorder;
  let stage: Stage;
  let access: RoomAccess;
  let ada: Person;
  let bob: Person;
  let admin: Person;

  beforeAll(async () => {
    recorder = new StatementRecorder();
    stage = await Stage.build();
    ({ ada, bob, admin } = stage);
    access = stage.server.app.get(RoomAccess);
  });

  afterAll(async () => {
    await stage.server.stop();
    jest.restoreAllMocks();
  });

  function as({ id, username }: Person, role: Principal['role'] = 'user'): Principal {
    return { userId: id, username, role, sessionId: 'any' };
  }

  const reading = async (person: Person, room: number, role?: Principal['role']) =>
    access.reading(as(person, role), room);
  const posting = async (person: Person, room: number, role?: Principal['role']) => {
    const principal = as(person, role);
    const grant = await access.posting(principal, room);
    return grant.memberRole ? grant : access.joining(principal, room);
  };

  const notFound = { code: 'room_not_found' };

  /** The statements that `act` sends. */
  async function statementsOf(act: () => unknown): Promise<Statement[]> {
    return recorder.during(async () => act(), 'room_members');
  }

  it('lets anyone read a public room, and makes whoever posts there a member', async () => {
    const room = await stage.aRoom();

    expect(await reading(bob, room)).toEqual({
      roomId: room,
      visibility: 'public',
      memberRole: null,
      canModerate: false,
      accessVersion: 0,
      isSlowed: false,
    });
    expect(await posting(bob, room)).toMatchObject({ memberRole: 'member', canModerate: false });
    expect((await bob.get<Room>(`/rooms/${room}`)).body).toMatchObject({
      member_count: 2,
      my: { role: 'member' },
    });
  });

  it('makes one member of someone who posts twenty times at once', async () => {
    const room = await stage.aRoom();

    const grants = await Promise.all(Array.from({ length: 20 }, () => posting(bob, room)));

    expect(grants.every((grant) => grant.memberRole === 'member')).toBe(true);
    expect((await bob.get<Room>(`/rooms/${room}`)).body.member_count).toBe(2);
  });

  it.each([
    ['a ban', 'banned', (room: number) => ada.put(`/rooms/${room}/bans/${bob.id}`, {})],
    ['a mute', 'muted', (room: number) => ada.put(`/rooms/${room}/mutes/${bob.id}`, {})],
    ['a removal', 'not_a_member', (room: number) => ada.delete(`/rooms/${room}/members/${bob.id}`)],
  ])('lets nobody post whom %s hits between their joining and their message', async (_, code, hit) => {
    const room = await stage.aRoom();
    const members = stage.server.app.get(MemberService);
    const join = members.join.bind(members);
    jest.spyOn(members, 'join').mockImplementationOnce(async (...call) => {
      const joined = await join(...call);
      expect((await hit(room)).status).toBeLessThan(300);
      return joined;
    });

    const answer = await bob.post(`/rooms/${room}/messages`, { content: 'too late' });

    expect(answer).toMatchObject({ status: 403, body: { code } });
    expect((await ada.get<HistoryPage>(`/rooms/${room}/messages`)).body.messages).not.toContainEqual(
      expect.objectContaining({ kind: 'user' }),
    );
  });

  it('keeps a private room for its members, even from administrators', async () => {
    const room = await stage.aRoom('private');

    expect(await reading(ada, room)).toMatchObject({ memberRole: 'owner', canModerate: true });
    for (const act of [reading, posting]) {
      await expect(act(bob, room)).rejects.toMatchObject(notFound);
      await expect(act(admin, room, 'admin')).rejects.toMatchObject(notFound);
      await expect(act(ada, 999_999)).rejects.toMatchObject(notFound);
    }
  });

  it('takes the power to moderate from the role of this very moment', async () => {
    const room = await stage.aRoom();

    expect(await reading(admin, room, 'admin')).toMatchObject({ memberRole: null, canModerate: true });
    expect(await reading(admin, room, 'user')).toMatchObject({ memberRole: null, canModerate: false });
  });

  it('asks with one query, and then answers at once without any', async () => {
    const room = await stage.aRoom();

    expect(await statementsOf(() => posting(ada, room))).toHaveLength(1);
    expect(
      await statementsOf(() => {
        expect((access.posting(as(ada), room) as RoomGrant).memberRole).toBe('owner');
        expect((access.reading(as(ada), room) as RoomGrant).memberRole).toBe('owner');
      }),
    ).toEqual([]);
  });

  describe('forgets at once', () => {
    let room: number;

    beforeEach(async () => {
      room = await stage.aRoom();
      await posting(bob, room);
      await posting(ada, room);
    });

    it('who was removed', async () => {
      await ada.patch(`/rooms/${room}`, { visibility: 'private' });
      await reading(bob, room);

      await ada.delete(`/rooms/${room}/members/${bob.id}`);

      await expect(reading(bob, room)).rejects.toMatchObject(notFound);
      await expect(posting(bob, room)).rejects.toMatchObject(notFound);
    });

    it('who left', async () => {
      await bob.post(`/rooms/${room}/leave`);

      expect(await reading(bob, room)).toMatchObject({ memberRole: null });
    });

    it('which role one had', async () => {
      await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'moderator' });

      expect(await reading(bob, room)).toMatchObject({ memberRole: 'moderator', canModerate: true });
    });

    it('that a room was public', async () => {
      await bob.post(`/rooms/${room}/leave`);
      await reading(bob, room);

      await ada.patch(`/rooms/${room}`, { visibility: 'private' });

      await expect(reading(bob, room)).rejects.toMatchObject(notFound);
    });

    it('a room that was archived', async () => {
      await ada.delete(`/rooms/${room}`);

      await expect(reading(ada, room)).rejects.toMatchObject(notFound);
      await expect(posting(bob, room)).rejects.toMatchObject(notFound);
    });
  });

  it('and the lists of rooms read by index, in one query each, among many rooms', async () => {
    const room = await stage.aRoom();
    await stage.server.dataSource.query(
      `INSERT INTO rooms (name, visibility)
       SELECT 'many ' || n, CASE WHEN n % 2 = 0 THEN 'public' ELSE 'private' END FROM generate_series(1, 5000) n`,
    );
    await stage.server.dataSource.query(
      `INSERT INTO room_members (room_id, user_id)
       SELECT rooms.id, users.id FROM rooms, users WHERE rooms.id % 7 = 0 OR users.id = 1 ON CONFLICT DO NOTHING`,
    );
    await stage.server.dataSource.query(
      `INSERT INTO room_restrictions (room_id, user_id, kind)
       SELECT rooms.id, users.id, kind FROM rooms, users, unnest('{ban,mute}'::text[]) kind
        WHERE rooms.name LIKE 'many %' ON CONFLICT DO NOTHING`,
    );
    await stage.server.dataSource.query(
      `WITH peers AS (
         INSERT INTO users (username, email, password_hash)
         SELECT 'peer-' || n, 'peer-' || n || '@example.com', 'none' FROM generate_series(1, 5000) n RETURNING id
       ), pairs AS (
         SELECT id, (SELECT min(id) FROM users) AS other, row_number() OVER (ORDER BY id) AS n FROM peers
       ), direct AS (
         INSERT INTO rooms (name, visibility) SELECT n, 'direct' FROM pairs RETURNING id, name
       )
       INSERT INTO direct_rooms (user_low, user_high, room_id)
       SELECT other, pairs.id, direct.id FROM pairs JOIN direct ON name = n::text`,
    );
    await stage.server.dataSource.query(
      `INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
       SELECT room_id, user_id, n, 0 FROM room_members, generate_series(1, 5) n`,
    );
    await stage.server.dataSource.query('ANALYZE');
    const rooms = stage.server.app.get(RoomService);
    const acts = [
      () => reading(bob, room),
      () => rooms.list(as(bob), { after: 0, limit: 50, joined: false }),
      () => rooms.list(as(bob), { after: 0, limit: 50, joined: true }),
      () => rooms.get(as(bob), room),
    ];

    for (const act of acts) {
      const statements = await statementsOf(act);
      expect(statements).toHaveLength(1);
      const { text, values } = statements[0]!;
      const plan = JSON.stringify(await stage.server.dataSource.query(`EXPLAIN ${text}`, values));
      expect(plan).toContain('Index');
      expect(plan).not.toContain('Seq Scan');
    }
  });
});

import { CloseCode } from '../../../src/protocol/close-codes';
import type { Member, MemberPage, ReadState, Room } from '../../../src/protocol/models';
import { RoomFeeds } from '../../../src/realtime/room-feeds';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('Members of a room', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let admin: Person;
  let made = 0;

  beforeAll(async () => {
    server = await startTestServer();
    [ada, bob, admin] = await Promise.all([
      aPerson(server, 'ada'),
      aPerson(server, 'bob'),
      aPerson(server, 'root', 'admin'),
    ]);
  });

  afterAll(() => server.stop());

  afterEach(() => jest.restoreAllMocks());

  /** A room of Ada's. */
  async function aRoom(visibility: Room['visibility'] = 'public'): Promise<number> {
    return (await ada.post<Room>('/rooms', { name: `room ${++made}`, visibility })).body.id;
  }

  async function memberCount(roomId: number): Promise<{ counted: number; rows: number }> {
    const [row] = await server.dataSource.query<{ counted: number; rows: number }[]>(
      `SELECT member_count AS counted, (SELECT count(*) FROM room_members WHERE room_id = id) AS rows
         FROM rooms WHERE id = $1`,
      [roomId],
    );
    return row!;
  }

  async function owners(roomId: number): Promise<number[]> {
    const { body } = await admin.get<MemberPage>(`/rooms/${roomId}/members`);
    return body.members.filter((member) => member.role === 'owner').map((member) => member.user.id);
  }

  async function pretendMessages(roomId: number, count: number): Promise<void> {
    await server.dataSource.query('UPDATE rooms SET last_message_id = $2 WHERE id = $1', [roomId, count]);
  }

  function spyOnFeeds() {
    const feeds = server.app.get(RoomFeeds);
    return { announce: jest.spyOn(feeds, 'announce'), removeUser: jest.spyOn(feeds, 'removeUser') };
  }

  describe('joining', () => {
    it('makes a member once, however often', async () => {
      const room = await aRoom();
      const { announce } = spyOnFeeds();

      const first = await bob.post<Room>(`/rooms/${room}/join`);
      const second = await bob.post<Room>(`/rooms/${room}/join`);

      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ id: room, member_count: 2, my: { role: 'member' } });
      expect(second).toMatchObject({ status: 200, body: first.body });
      expect(announce.mock.calls).toEqual([
        [
          room,
          {
            type: 'member_updated',
            data: { room_id: room, user: { id: bob.id, username: 'bob' }, role: 'member', change: 'joined' },
          },
        ],
      ]);
    });

    it('counts as unread only what comes afterwards', async () => {
      const room = await aRoom();
      await pretendMessages(room, 7);

      const joined = await bob.post<Room>(`/rooms/${room}/join`);
      await pretendMessages(room, 9);

      expect(joined.body.my).toMatchObject({ last_read_id: 7, unread_count: 0 });
      expect((await bob.get<Room>(`/rooms/${room}`)).body.my).toMatchObject({ unread_count: 2 });
    });

    it('counts fifty who join at once, each twice', async () => {
      const room = await aRoom();
      const crowd = await Promise.all(
        Array.from({ length: 50 }, (_, number) => aPerson(server, `crowd-${number}`)),
      );

      const joins = [...crowd, ...crowd].map((person) => person.post(`/rooms/${room}/join`));
      const statuses = new Set((await Promise.all(joins)).map((answer) => answer.status));

      expect([...statuses]).toEqual([200]);
      expect(await memberCount(room)).toEqual({ counted: 51, rows: 51 });
    });

    it('stays right while the same people come and go at once', async () => {
      const room = await aRoom();
      const visitors = await Promise.all(
        Array.from({ length: 5 }, (_, number) => aPerson(server, `visitor-${number}`)),
      );

      const moves = Array.from({ length: 60 }, (_, step) =>
        visitors[step % 5]!.post(`/rooms/${room}/${step % 3 === 0 ? 'leave' : 'join'}`),
      );
      await Promise.all(moves);

      const { counted, rows } = await memberCount(room);
      expect(counted).toBe(rows);
    });
  });

  describe('leaving', () => {
    it('ends the membership and the reading of it, once', async () => {
      const room = await aRoom();
      await bob.post(`/rooms/${room}/join`);
      const { announce, removeUser } = spyOnFeeds();

      expect((await bob.post(`/rooms/${room}/leave`)).status).toBe(204);
      expect((await bob.post(`/rooms/${room}/leave`)).status).toBe(204);

      expect(await memberCount(room)).toEqual({ counted: 1, rows: 1 });
      expect(removeUser.mock.calls.map((call) => call.slice(0, 3))).toEqual([
        [room, bob.id, CloseCode.Normal],
      ]);
      expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
        { type: 'member_updated', data: { user: { id: bob.id }, role: null, change: 'left' } },
      ]);
    });

    it('is not for the last owner', async () => {
      const room = await aRoom();
      await bob.post(`/rooms/${room}/join`);

      const answer = await ada.post<{ code: string }>(`/rooms/${room}/leave`);

      expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    });

    it('leaves one owner when two go at once', async () => {
      for (let round = 0; round < 10; round++) {
        const room = await aRoom();
        await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });

        const answers = await Promise.all([ada, bob].map((owner) => owner.post(`/rooms/${room}/leave`)));

        expect(answers.map((answer) => answer.status).sort()).toEqual([204, 409]);
        expect(await owners(room)).toHaveLength(1);
      }
    });
  });

  describe('roles', () => {
    it('are given to newcomers with 201 and to members with 200', async () => {
      const room = await aRoom('private');
      const { announce } = spyOnFeeds();
      const put = (role: string) => ada.put<Member>(`/rooms/${room}/members/${bob.id}`, { role });

      const added = await put('member');
      const repeated = await put('member');
      const raised = await put('moderator');

      expect(added).toMatchObject({
        status: 201,
        body: { user: { id: bob.id, username: 'bob' }, role: 'member' },
      });
      expect(added.body.user).not.toHaveProperty('email');
      expect(repeated).toMatchObject({ status: 200, body: added.body });
      expect(raised).toMatchObject({ status: 200, body: { ...added.body, role: 'moderator' } });
      expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
        { data: { role: 'member', change: 'added' } },
        { data: { role: 'moderator', change: 'role_changed' } },
      ]);
      expect(await memberCount(room)).toEqual({ counted: 2, rows: 2 });
    });

    it.each([
      ['was never made', async () => 999_999],
      ['was deactivated', () => aGone(`is_active = false`)],
      ['was deleted', () => aGone(`deleted_at = now(), username = NULL, email = NULL, password_hash = NULL`)],
    ])('are not given to an account that %s', async (_, account) => {
      const room = await aRoom();

      const answer = await ada.put(`/rooms/${room}/members/${await account()}`, { role: 'member' });

      expect(answer).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
      expect(await memberCount(room)).toEqual({ counted: 1, rows: 1 });
    });

    async function aGone(change: string): Promise<number> {
      const { id } = await aPerson(server, `gone-${++made}`);
      await server.dataSource.query(`UPDATE users SET ${change} WHERE id = $1`, [id]);
      return id;
    }

    it('are refused unless they exist', async () => {
      const room = await aRoom();

      expect((await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'king' })).status).toBe(400);
      expect((await ada.put(`/rooms/${room}/members/0`, { role: 'member' })).status).toBe(400);
    });

    it('leave the last owner in place, even against an administrator', async () => {
      const room = await aRoom();

      const demoted = await admin.put(`/rooms/${room}/members/${ada.id}`, { role: 'member' });
      const removed = await admin.delete(`/rooms/${room}/members/${ada.id}`);

      expect(demoted).toMatchObject({ status: 409, body: { code: 'last_owner' } });
      expect(removed).toMatchObject({ status: 409, body: { code: 'last_owner' } });
      expect(await owners(room)).toEqual([ada.id]);
    });

    it('leave one owner when two demote each other at once', async () => {
      for (let round = 0; round < 10; round++) {
        const room = await aRoom();
        await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });

        const demote = (by: Person, whom: Person) =>
          by.put(`/rooms/${room}/members/${whom.id}`, { role: 'member' });
        await Promise.all([demote(ada, bob), demote(bob, ada)]);

        expect(await owners(room)).toHaveLength(1);
      }
    });
  });

  describe('removing', () => {
    it('ends the reading of a private room with 4403, and the room is gone for the removed', async () => {
      const room = await aRoom('private');
      await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });
      expect((await bob.get(`/rooms/${room}`)).status).toBe(200);
      const { announce, removeUser } = spyOnFeeds();

      expect((await ada.delete(`/rooms/${room}/members/${bob.id}`)).status).toBe(204);
      expect((await ada.delete(`/rooms/${room}/members/${bob.id}`)).status).toBe(204);

      expect(removeUser.mock.calls.map((call) => call.slice(0, 3))).toEqual([
        [room, bob.id, CloseCode.Forbidden],
      ]);
      expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
        { data: { user: { id: bob.id, username: 'bob' }, role: null, change: 'removed' } },
      ]);
      expect((await bob.get(`/rooms/${room}`)).status).toBe(404);
      expect(await memberCount(room)).toEqual({ counted: 1, rows: 1 });
    });
  });

  describe('the list', () => {
    it('is walked by next_cursor, each member once, without what is private of them', async () => {
      const room = await aRoom();
      const guests = await Promise.all([1, 2, 3, 4].map((number) => aPerson(server, `guest-${number}`)));
      for (const guest of guests) await guest.post(`/rooms/${room}/join`);

      const walked: Member[] = [];
      let cursor: number | null = 0;
      while (cursor !== null) {
        const path: string = `/rooms/${room}/members?limit=2&cursor=${cursor}`;
        const { body } = await bob.get<MemberPage>(path);
        walked.push(...body.members);
        cursor = body.next_cursor;
      }

      const expected = [ada.id, ...guests.map((guest) => guest.id)].sort((a, b) => a - b);
      expect(walked.map((member) => member.user.id)).toEqual(expected);
      expect(Object.keys(walked[0]!.user)).not.toContain('email');
    });
  });

  describe('the reading mark', () => {
    it('moves forward only, and not past the newest message', async () => {
      const room = await aRoom();
      await pretendMessages(room, 10);
      const read = async (message_id: number) =>
        (await ada.put<ReadState>(`/rooms/${room}/read`, { message_id })).body;

      expect(await read(4)).toEqual({ last_read_id: 4, unread_count: 6 });
      expect(await read(2)).toEqual({ last_read_id: 4, unread_count: 6 });
      expect(await read(99)).toEqual({ last_read_id: 10, unread_count: 0 });
    });

    it.each([0, -1, 1.5, '3', null, undefined])('refuses %p', async (message_id) => {
      expect((await ada.put(`/rooms/1/read`, { message_id })).status).toBe(400);
    });

    it('is for members', async () => {
      const answer = await bob.put(`/rooms/${await aRoom()}/read`, { message_id: 1 });

      expect(answer).toMatchObject({ status: 403, body: { code: 'not_a_member' } });
    });
  });
});

import { randomUUID } from 'node:crypto';
import { CloseCode } from '../../../src/protocol/close-codes';
import type { Member, MemberPage, ReadState } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Stage } from './stage';

describe('Members of a room', () => {
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

  describe('roles', () => {
    it('are given to newcomers with 201 and to members with 200', async () => {
      const room = await stage.aRoom('private');
      const { announce } = stage.spyOnFeeds();
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
      expect(await stage.memberCount(room)).toEqual({ counted: 2, rows: 2 });
    });

    it.each([
      ['was never made', async () => 999_999],
      ['was deactivated', () => aGone(`is_active = false`)],
      ['was deleted', () => aGone(`deleted_at = now(), username = NULL, email = NULL, password_hash = NULL`)],
    ])('are not given to an account that %s', async (_, account) => {
      const room = await stage.aRoom();

      const answer = await ada.put(`/rooms/${room}/members/${await account()}`, { role: 'member' });

      expect(answer).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
      expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
    });

    async function aGone(change: string): Promise<number> {
      const { id } = await aPerson(stage.server, `gone-${randomUUID().slice(0, 8)}`);
      await stage.server.dataSource.query(`UPDATE users SET ${change} WHERE id = $1`, [id]);
      return id;
    }

    it('are refused unless they exist', async () => {
      const room = await stage.aRoom();

      expect((await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'king' })).status).toBe(400);
      expect((await ada.put(`/rooms/${room}/members/0`, { role: 'member' })).status).toBe(400);
    });

    it('leave the last owner in place, even against an administrator', async () => {
      const room = await stage.aRoom();

      const demoted = await admin.put(`/rooms/${room}/members/${ada.id}`, { role: 'member' });
      const removed = await admin.delete(`/rooms/${room}/members/${ada.id}`);

      expect(demoted).toMatchObject({ status: 409, body: { code: 'last_owner' } });
      expect(removed).toMatchObject({ status: 409, body: { code: 'last_owner' } });
      expect(await stage.owners(room)).toEqual([ada.id]);
    });

    it('leave one owner when two demote each other at once', async () => {
      for (let round = 0; round < 10; round++) {
        const room = await stage.aRoom();
        await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });

        const demote = (by: Person, whom: Person) =>
          by.put(`/rooms/${room}/members/${whom.id}`, { role: 'member' });
        await Promise.all([demote(ada, bob), demote(bob, ada)]);

        expect(await stage.owners(room)).toHaveLength(1);
      }
    });
  });

  describe('removing', () => {
    it('ends the reading of a private room with 4403, and the room is gone for the removed', async () => {
      const room = await stage.aRoom('private');
      await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'member' });
      expect((await bob.get(`/rooms/${room}`)).status).toBe(200);
      const { announce, removeUser } = stage.spyOnFeeds();

      expect((await ada.delete(`/rooms/${room}/members/${bob.id}`)).status).toBe(204);
      expect((await ada.delete(`/rooms/${room}/members/${bob.id}`)).status).toBe(204);

      expect(removeUser.mock.calls).toEqual([[room, bob.id, CloseCode.Forbidden, 'removed from the room']]);
      expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
        { data: { user: { id: bob.id, username: 'bob' }, role: null, change: 'removed' } },
      ]);
      expect((await bob.get(`/rooms/${room}`)).status).toBe(404);
      expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
    });
  });

  describe('the list', () => {
    it('is walked by next_cursor, each member once, without what is private of them', async () => {
      const room = await stage.aRoom();
      const guests = await Promise.all(
        [1, 2, 3, 4].map((number) => aPerson(stage.server, `guest-${number}`)),
      );
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
      const room = await stage.aRoom();
      await stage.pretendMessages(room, 10);
      const read = async (message_id: number) =>
        (await ada.put<ReadState>(`/rooms/${room}/read`, { message_id })).body;

      expect(await read(4)).toEqual({ last_read_id: 4, unread_count: 6, mention_count: 0 });
      expect(await read(2)).toEqual({ last_read_id: 4, unread_count: 6, mention_count: 0 });
      expect(await read(99)).toEqual({ last_read_id: 10, unread_count: 0, mention_count: 0 });
    });

    it.each([0, -1, 1.5, '3', null, undefined])('refuses %p', async (message_id) => {
      expect((await ada.put(`/rooms/1/read`, { message_id })).status).toBe(400);
    });

    it('is for members', async () => {
      const answer = await bob.put(`/rooms/${await stage.aRoom()}/read`, { message_id: 1 });

      expect(answer).toMatchObject({ status: 403, body: { code: 'not_a_member' } });
    });
  });
});

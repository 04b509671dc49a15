import { CloseCode } from '../../../src/protocol/close-codes';
import type { Message, Room } from '../../../src/protocol/models';
import { aPerson, type Person } from '../../support/person';
import { Stage } from './stage';

describe('Joining and leaving a room', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  afterEach(() => jest.restoreAllMocks());

  describe('joining', () => {
    it('makes a member once, however often', async () => {
      const room = await stage.aRoom();
      const { announce } = stage.spyOnFeeds();

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
      const room = await stage.aRoom();
      await stage.pretendMessages(room, 7);

      const joined = await bob.post<Room>(`/rooms/${room}/join`);
      await stage.pretendMessages(room, 9);

      expect(joined.body.my).toMatchObject({ last_read_id: 7, unread_count: 0 });
      expect((await bob.get<Room>(`/rooms/${room}`)).body.my).toMatchObject({ unread_count: 2 });
    });

    it('counts fifty who join at once, each twice', async () => {
      const room = await stage.aRoom();
      const crowd = await Promise.all(
        Array.from({ length: 50 }, (_, number) => aPerson(stage.server, `crowd-${number}`)),
      );

      const joins = [...crowd, ...crowd].map((person) => person.post(`/rooms/${room}/join`));
      const statuses = new Set((await Promise.all(joins)).map((answer) => answer.status));

      expect([...statuses]).toEqual([200]);
      expect(await stage.memberCount(room)).toEqual({ counted: 51, rows: 51 });
    });

    it('stays right while the same people come and go at once', async () => {
      const room = await stage.aRoom();
      const visitors = await Promise.all(
        Array.from({ length: 5 }, (_, number) => aPerson(stage.server, `visitor-${number}`)),
      );

      const moves = Array.from({ length: 60 }, (_, step) =>
        visitors[step % 5]!.post(`/rooms/${room}/${step % 3 === 0 ? 'leave' : 'join'}`),
      );
      await Promise.all(moves);

      const { counted, rows } = await stage.memberCount(room);
      expect(counted).toBe(rows);
    });
  });

  describe('by sending', () => {
    const isMember = async (room: number) => (await bob.get<Room>(`/rooms/${room}`)).body.my !== null;

    it('makes a member with the first message', async () => {
      const room = await stage.aRoom();

      const { status } = await bob.post(`/rooms/${room}/messages`, { content: 'Hello' });

      expect([status, await isMember(room)]).toEqual([201, true]);
    });

    it('makes no member of whoever repeats a message after leaving', async () => {
      const room = await stage.aRoom();
      const message = { content: 'Hello', client_msg_id: 'once' };
      const sent = await bob.post<Message>(`/rooms/${room}/messages`, message);
      await bob.post(`/rooms/${room}/leave`);

      const repeated = await bob.post<Message>(`/rooms/${room}/messages`, message);

      expect(repeated).toMatchObject({ status: 200, body: { id: sent.body.id } });
      expect(await isMember(room)).toBe(false);
    });

    it('makes no member of whoever answers what the room does not have', async () => {
      const room = await stage.aRoom();

      const answer = await bob.post(`/rooms/${room}/messages`, { content: 'Yes', reply_to_id: 99 });

      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ field: 'reply_to_id' }], outcome: 'not_stored' },
      });
      expect(await isMember(room)).toBe(false);
    });
  });

  describe('leaving', () => {
    it('ends the membership and the reading of it, once', async () => {
      const room = await stage.aRoom();
      await bob.post(`/rooms/${room}/join`);
      const { announce, removeUser } = stage.spyOnFeeds();

      expect((await bob.post(`/rooms/${room}/leave`)).status).toBe(204);
      expect((await bob.post(`/rooms/${room}/leave`)).status).toBe(204);

      expect(await stage.memberCount(room)).toEqual({ counted: 1, rows: 1 });
      expect(removeUser.mock.calls.map((call) => call.slice(0, 3))).toEqual([
        [room, bob.id, CloseCode.Normal],
      ]);
      expect(announce.mock.calls.map(([, frame]) => frame)).toMatchObject([
        { type: 'member_updated', data: { user: { id: bob.id }, role: null, change: 'left' } },
      ]);
    });

    it('is not for the last owner', async () => {
      const room = await stage.aRoom();
      await bob.post(`/rooms/${room}/join`);

      const answer = await ada.post<{ code: string }>(`/rooms/${room}/leave`);

      expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    });

    it('leaves one owner when two go at once', async () => {
      for (let round = 0; round < 10; round++) {
        const room = await stage.aRoom();
        await ada.put(`/rooms/${room}/members/${bob.id}`, { role: 'owner' });

        const answers = await Promise.all([ada, bob].map((owner) => owner.post(`/rooms/${room}/leave`)));

        expect(answers.map((answer) => answer.status).sort()).toEqual([204, 409]);
        expect(await stage.owners(room)).toHaveLength(1);
      }
    });
  });
});

import { CloseCode } from '../../../src/protocol/close-codes';
import type { AuditPage } from '../../../src/protocol/moderation';
import type { Room, RoomPage } from '../../../src/protocol/models';
import { RoomFeeds } from '../../../src/realtime/room-feeds';
import { RightsChanges } from '../../../src/rooms/rights-changes';
import type { Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { Stage } from './stage';

const ABSENT = 999_999;

describe('A room', () => {
  let stage: Stage;
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let admin: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ server, ada, bob, admin } = stage);
  });

  afterAll(() => stage.server.stop());

  afterEach(() => jest.restoreAllMocks());

  describe('that is changed', () => {
    it('changes what is given and nothing else', async () => {
      const room = await stage.make(ada, { name: 'before', description: 'first' });
      const patch = (body: object) => ada.patch<Room>(`/rooms/${room.id}`, body);

      expect((await patch({})).body).toEqual(room);
      expect((await patch({ name: ' after ' })).body).toMatchObject({ name: 'after', description: 'first' });
      expect((await patch({ description: null })).body).toMatchObject({ name: 'after', description: null });
      expect((await patch({ slow_mode_seconds: 21_600 })).body).toMatchObject({ slow_mode_seconds: 21_600 });
    });

    it('to what it is already is left alone, and nobody is said to have changed it', async () => {
      const room = await stage.make(ada, { name: 'same' });
      const announce = jest.spyOn(server.app.get(RoomFeeds), 'announce');
      const rightsChanged = jest.spyOn(server.app.get(RightsChanges), 'room');
      const acts = async () => (await admin.get<AuditPage>(`/audit?room_id=${room.id}`)).body.entries;
      const { name, description, visibility, slow_mode_seconds } = room;

      const { body } = await ada.patch<Room>(`/rooms/${room.id}`, {
        ...{ name, description, visibility, slow_mode_seconds },
      });
      await ada.patch(`/rooms/${room.id}`, {});
      const before = await acts();
      const told = [...announce.mock.calls, ...rightsChanged.mock.calls];
      await ada.patch(`/rooms/${room.id}`, { name, description: 'new' });

      expect([body, before, told]).toEqual([room, [], []]);
      expect(announce).toHaveBeenCalledTimes(1);
      expect((await acts()).map(({ details }) => details)).toEqual([{ changed: ['description'] }]);
    });

    it.each([
      { name: null },
      { name: '' },
      { visibility: null },
      { visibility: 'direct' },
      { slow_mode_seconds: -1 },
      { slow_mode_seconds: 21_601 },
      { slow_mode_seconds: '5' },
      { is_active: false },
    ])('refuses %j', async (body) => {
      const room = await stage.make(ada, { name: `strict ${JSON.stringify(body)}` });

      expect((await ada.patch(`/rooms/${room.id}`, body)).status).toBe(400);
    });

    it('refuses the name of another room', async () => {
      const room = await stage.make(ada, { name: 'mine' });
      await stage.make(bob, { name: 'theirs' });

      expect((await ada.patch(`/rooms/${room.id}`, { name: 'THEIRS' })).status).toBe(409);
      expect((await ada.patch(`/rooms/${room.id}`, { name: 'Mine' })).status).toBe(200);
    });

    it('tells the readers what is the same for all of them', async () => {
      const room = await stage.make(ada, { name: 'told' });
      const announce = jest.spyOn(server.app.get(RoomFeeds), 'announce');

      const { body } = await ada.patch<Room>(`/rooms/${room.id}`, { description: 'new' });

      const { id, name, visibility, is_active, slow_mode_seconds, updated_at } = body;
      expect(announce.mock.calls).toEqual([
        [
          room.id,
          {
            type: 'room_updated',
            data: { id, name, description: 'new', visibility, is_active, slow_mode_seconds, updated_at },
          },
        ],
      ]);
    });

    it('sends readers who are not members away from a room that is private now', async () => {
      const room = await stage.make(ada, { name: 'glass house' });
      const feeds = server.app.get(RoomFeeds);
      jest.spyOn(feeds, 'userIds').mockReturnValue([ada.id, bob.id]);
      const removeUser = jest.spyOn(feeds, 'removeUser');

      await ada.patch(`/rooms/${room.id}`, { visibility: 'private' });

      expect(removeUser.mock.calls.map(([roomId, userId, code]) => [roomId, userId, code])).toEqual([
        [room.id, bob.id, CloseCode.Forbidden],
      ]);
      expect((await bob.get(`/rooms/${room.id}`)).status).toBe(404);
      expect((await ada.get(`/rooms/${room.id}`)).status).toBe(200);
    });
  });

  describe('that is archived', () => {
    it('closes it for its readers, and takes it from the lists', async () => {
      const room = await stage.make(ada, { name: 'doomed' });
      const closeRoom = jest.spyOn(server.app.get(RoomFeeds), 'closeRoom');

      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);

      expect(closeRoom.mock.calls).toEqual([
        [room.id, { type: 'room_closed', data: { room_id: room.id } }, CloseCode.RoomClosed],
      ]);
      expect((await bob.get(`/rooms/${room.id}`)).status).toBe(404);
      expect((await ada.get<RoomPage>('/rooms?search=doomed')).body.rooms).toEqual([]);
    });

    it('leaves its log to its members, to read and nothing more', async () => {
      const room = await stage.make(ada, { name: 'kept' });
      const path = `/rooms/${room.id}`;
      await bob.post(`${path}/messages`, { content: 'last words' });

      await ada.delete(path);

      expect(await bob.get<Room>(path)).toMatchObject({ status: 200, body: { is_active: false } });
      for (const kept of ['messages', 'messages/1', 'changes?after_seq=0']) {
        expect((await bob.get(`${path}/${kept}`)).status).toBe(200);
        expect((await admin.get(`${path}/${kept}`)).status).toBe(404);
      }
      const writes = [
        await bob.post(`${path}/messages`, { content: 'more' }),
        await bob.patch(`${path}/messages/1`, { content: 'other words' }),
        await bob.delete(`${path}/messages/1`),
        await ada.patch(path, { name: 'back' }),
        await admin.post(`${path}/join`),
      ];
      expect(writes.map(({ status }) => status)).toEqual(writes.map(() => 404));
    });

    it('a second time changes nothing', async () => {
      const room = await stage.make(ada, { name: 'twice' });

      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);
      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);
    });

    it('by several at once is so for all of them', async () => {
      const room = await stage.make(ada, { name: 'all at once' });

      const answers = await Promise.all(Array.from({ length: 5 }, () => ada.delete(`/rooms/${room.id}`)));

      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
    });

    it('sets its name free', async () => {
      const room = await stage.make(ada, { name: 'again' });

      await admin.delete(`/rooms/${room.id}`);

      await stage.make(bob, { name: 'AGAIN' });
    });

    it('answers an absent room with 404', async () => {
      expect((await admin.delete(`/rooms/${ABSENT}`)).status).toBe(404);
    });
  });
});

import { CloseCode } from '../../../src/protocol/close-codes';
import type { Room, RoomPage } from '../../../src/protocol/models';
import { RoomFeeds } from '../../../src/realtime/room-feeds';
import { RoomSeed } from '../../../src/rooms/room-seed';
import { aPerson, type Person } from '../../support/person';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { startTestServer, type TestServer } from '../../support/test-server';

interface Problem {
  code: string;
  errors?: { field: string }[];
}

const ABSENT = 999_999;

describe('Rooms', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let admin: Person;

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

  async function aRoom(owner: Person, room: Partial<Room> & { name: string }): Promise<Room> {
    const { status, body } = await owner.post<Room>('/rooms', room);
    expect(status).toBe(201);
    return body;
  }

  describe('the first one', () => {
    it('is the public room "general", with the id 1', async () => {
      const { status, body } = await ada.get<Room>('/rooms/1');

      expect(status).toBe(200);
      expect(body).toMatchObject({ name: 'general', visibility: 'public', member_count: 0, my: null });
    });

    describe('in a database of its own', () => {
      let database: TestDatabase;
      let node: TestServer;

      beforeAll(async () => {
        database = await createTestDatabase();
        node = await startTestServer({ databaseUrl: database.url });
      });

      afterAll(async () => {
        await node.stop();
        await database.drop();
      });

      it('is made once by nodes that start at once, and not again after it was archived', async () => {
        const { dataSource } = node;
        const seed = node.app.get(RoomSeed);
        const rooms = () => dataSource.query<unknown[]>('SELECT id, name FROM rooms');
        const eightTimes = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, act));
        await dataSource.query('TRUNCATE rooms RESTART IDENTITY CASCADE');
        // Opens eight connections, so that the eight below do meet.
        await eightTimes(() => dataSource.query('SELECT pg_sleep(0.05)'));

        await eightTimes(() => seed.onApplicationBootstrap());
        expect(await rooms()).toEqual([{ id: 1, name: 'general' }]);

        await dataSource.query('UPDATE rooms SET is_active = false');
        await seed.onApplicationBootstrap();
        expect(await rooms()).toEqual([{ id: 1, name: 'general' }]);
      });
    });
  });

  describe('making one', () => {
    it('makes the creator its owner and only member', async () => {
      const room = await aRoom(ada, { name: '  Engineering ', description: 'What we build' });

      expect(room).toEqual({
        id: expect.any(Number),
        name: 'Engineering',
        description: 'What we build',
        visibility: 'public',
        is_active: true,
        created_by: ada.id,
        member_count: 1,
        last_message_id: 0,
        last_seq: 0,
        last_message_at: null,
        slow_mode_seconds: 0,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: room.created_at,
        my: {
          role: 'owner',
          last_read_id: 0,
          unread_count: 0,
          mention_count: 0,
          muted: false,
          joined_at: room.created_at,
        },
      });
      expect((await ada.get<Room>(`/rooms/${room.id}`)).body).toEqual(room);
    });

    it.each([
      ['a missing name', {}, 'name'],
      ['a blank name', { name: '   ' }, 'name'],
      ['a name of 101 characters', { name: '🙂'.repeat(101) }, 'name'],
      ['a name with NUL', { name: 'a\0b' }, 'name'],
      ['a name that is no text', { name: 7 }, 'name'],
      ['a description of 501 characters', { name: 'x', description: 'd'.repeat(501) }, 'description'],
      ['a direct room', { name: 'x', visibility: 'direct' }, 'visibility'],
      ['no visibility', { name: 'x', visibility: null }, 'visibility'],
      ['an unknown field', { name: 'x', created_by: 1 }, 'created_by'],
    ])('refuses %s', async (_, body, field) => {
      const answer = await ada.post<Problem>('/rooms', body);

      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
    });

    it('counts the characters of a name, not its UTF-16 units', async () => {
      expect((await aRoom(ada, { name: '🙂'.repeat(100) })).name).toBe('🙂'.repeat(100));
    });

    it('refuses a name that a public room has, whatever the case', async () => {
      await aRoom(ada, { name: 'Straße' });

      const answer = await bob.post<Problem>('/rooms', { name: 'sTRAßE' });

      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe('room_name_taken');
    });

    it('lets nobody learn from a name that a private room has it', async () => {
      await aRoom(ada, { name: 'Secret plan', visibility: 'private' });

      const answers = [
        await bob.post('/rooms', { name: 'secret plan' }),
        await bob.post('/rooms', { name: 'secret plan', visibility: 'private' }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    });

    it('refuses to make a private room public under a name that is taken there', async () => {
      await aRoom(bob, { name: 'Open plan' });
      const room = await aRoom(ada, { name: 'open plan', visibility: 'private' });

      const answer = await ada.patch<Problem>(`/rooms/${room.id}`, { visibility: 'public' });

      expect(answer).toMatchObject({ status: 409, body: { code: 'room_name_taken' } });
    });

    it('gives a name to one of twenty who want it at once', async () => {
      const wishes = Array.from({ length: 20 }, () => ada.post('/rooms', { name: 'wanted' }));

      const statuses = (await Promise.all(wishes)).map((answer) => answer.status);

      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    });

    it('is for administrators alone where ROOM_CREATION says so', async () => {
      const strict = await startTestServer({ roomCreation: 'admin', databaseUrl: server.config.databaseUrl });
      const [carol, chief] = await Promise.all([aPerson(strict, 'carol'), aPerson(strict, 'chief', 'admin')]);

      const answers = [
        await carol.post('/rooms', { name: 'by carol' }),
        await chief.post('/rooms', { name: 'by chief' }),
      ];
      await strict.stop();

      expect(answers.map((answer) => answer.status)).toEqual([403, 201]);
    });
  });

  describe('changing one', () => {
    it('changes what is given and nothing else', async () => {
      const room = await aRoom(ada, { name: 'before', description: 'first' });
      const patch = (body: object) => ada.patch<Room>(`/rooms/${room.id}`, body);

      expect((await patch({})).body).toEqual(room);
      expect((await patch({ name: ' after ' })).body).toMatchObject({ name: 'after', description: 'first' });
      expect((await patch({ description: null })).body).toMatchObject({ name: 'after', description: null });
      expect((await patch({ slow_mode_seconds: 21_600 })).body).toMatchObject({ slow_mode_seconds: 21_600 });
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
      const room = await aRoom(ada, { name: `strict ${JSON.stringify(body)}` });

      expect((await ada.patch(`/rooms/${room.id}`, body)).status).toBe(400);
    });

    it('refuses the name of another room', async () => {
      const room = await aRoom(ada, { name: 'mine' });
      await aRoom(bob, { name: 'theirs' });

      expect((await ada.patch(`/rooms/${room.id}`, { name: 'THEIRS' })).status).toBe(409);
      expect((await ada.patch(`/rooms/${room.id}`, { name: 'Mine' })).status).toBe(200);
    });

    it('tells the readers what is the same for all of them', async () => {
      const room = await aRoom(ada, { name: 'told' });
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
      const room = await aRoom(ada, { name: 'glass house' });
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

  describe('archiving one', () => {
    it('closes it for its readers, and takes it from the lists', async () => {
      const room = await aRoom(ada, { name: 'doomed' });
      const closeRoom = jest.spyOn(server.app.get(RoomFeeds), 'closeRoom');

      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);

      expect(closeRoom.mock.calls).toEqual([
        [room.id, { type: 'room_closed', data: { room_id: room.id } }, CloseCode.RoomClosed],
      ]);
      expect((await bob.get(`/rooms/${room.id}`)).status).toBe(404);
      expect((await ada.get<RoomPage>('/rooms?search=doomed')).body.rooms).toEqual([]);
    });

    it('leaves its log to its members, to read and nothing more', async () => {
      const room = await aRoom(ada, { name: 'kept' });
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
      const room = await aRoom(ada, { name: 'twice' });

      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);
      expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);
    });

    it('sets its name free', async () => {
      const room = await aRoom(ada, { name: 'again' });

      await admin.delete(`/rooms/${room.id}`);

      await aRoom(bob, { name: 'AGAIN' });
    });

    it('answers an absent room with 404', async () => {
      expect((await admin.delete(`/rooms/${ABSENT}`)).status).toBe(404);
    });
  });
});

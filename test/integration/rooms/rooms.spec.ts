import type { Room } from '../../../src/protocol/models';
import { RoomSeed } from '../../../src/rooms/room-seed';
import { aPerson, type Person } from '../../support/person';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { startTestServer, type TestServer } from '../../support/test-server';
import { Stage } from './stage';

interface Problem {
  code: string;
  errors?: { field: string }[];
}

describe('Rooms', () => {
  let stage: Stage;
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ server, ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

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
      const room = await stage.make(ada, { name: '  Engineering ', description: 'What we build' });

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
      expect((await stage.make(ada, { name: '🙂'.repeat(100) })).name).toBe('🙂'.repeat(100));
    });

    it('refuses a name that a public room has, whatever the case', async () => {
      await stage.make(ada, { name: 'Straße' });

      const answer = await bob.post<Problem>('/rooms', { name: 'sTRAßE' });

      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe('room_name_taken');
    });

    it('lets nobody learn from a name that a private room has it', async () => {
      await stage.make(ada, { name: 'Secret plan', visibility: 'private' });

      const answers = [
        await bob.post('/rooms', { name: 'secret plan' }),
        await bob.post('/rooms', { name: 'secret plan', visibility: 'private' }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    });

    it('refuses to make a private room public under a name that is taken there', async () => {
      await stage.make(bob, { name: 'Open plan' });
      const room = await stage.make(ada, { name: 'open plan', visibility: 'private' });

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
});

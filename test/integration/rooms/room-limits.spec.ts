import { randomUUID } from 'node:crypto';
import type { NewInvite } from '../../../src/protocol/invites';
import type { ChangesPage, Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { type Answer, aPerson, type Person } from '../../support/person';
import { aTestConfig } from '../../support/test-config';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo } from '../../support/whole-log';

const LIMITS = {
  ...aTestConfig().limits,
  rooms_created_max: 4,
  rooms_joined_max: 5,
  room_members_max: 10,
  rooms_per_socket_max: 2,
  slow_mode_max_seconds: 60,
};

describe('Limits of rooms', () => {
  let server: TestServer;
  let ada: Person;

  beforeAll(async () => {
    server = await startTestServer({ limits: LIMITS });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    ada = await someone();
  });

  const someone = () => aPerson(server, `p-${randomUUID().slice(0, 8)}`);
  const several = (count: number) => Promise.all(oneTo(count).map(someone));
  const make = (person: Person, visibility = 'public') =>
    person.post<Room>('/rooms', { name: randomUUID(), visibility });
  const aRoom = async (visibility?: string) => (await make(ada, visibility)).body.id;
  const refusal = { status: 409, body: { code: 'limit_reached' } };

  /** How many were let in; all others have to have been told why they were not. */
  function passed(answers: Answer<unknown>[]): number {
    const refused = answers.filter(({ status }) => status >= 300);
    expect(refused).toMatchObject(refused.map(() => refusal));
    return answers.length - refused.length;
  }

  async function membersOf(room: number): Promise<{ counted: number; rows: number }> {
    const [row] = await server.dataSource.query<{ counted: number; rows: number }[]>(
      `SELECT member_count AS counted, (SELECT count(*) FROM room_members WHERE room_id = id) AS rows
         FROM rooms WHERE id = $1`,
      [room],
    );
    return row!;
  }

  /** Fills a room of Ada's up to the last place. */
  async function fill(room: number): Promise<Person[]> {
    const people = await several(LIMITS.room_members_max - 1);
    for (const { id } of people) await ada.put(`/rooms/${room}/members/${id}`, { role: 'member' });
    return people;
  }

  describe('the members of one', () => {
    it('are counted exactly when fifty join at once', async () => {
      const room = await aRoom();
      const people = await several(50);

      const answers = await Promise.all(people.map((person) => person.post(`/rooms/${room}/join`)));

      expect(passed(answers)).toBe(LIMITS.room_members_max - 1);
      expect(await membersOf(room)).toEqual({ counted: 10, rows: 10 });
    });

    it('are counted exactly whichever way they come', async () => {
      const room = await aRoom();
      const people = await several(32);
      const { body: invite } = await ada.post<NewInvite>(`/rooms/${room}/invites`, {});
      const ways: ((person: Person) => Promise<Answer<unknown>>)[] = [
        (person) => person.post(`/rooms/${room}/join`),
        (person) => person.post(`/rooms/${room}/messages`, { content: 'hello' }),
        (person) => person.post(`/invites/${invite.code}/accept`),
        ({ id }) => ada.put(`/rooms/${room}/members/${id}`, { role: 'member' }),
      ];

      const answers = await Promise.all(people.map((person, n) => ways[n % ways.length]!(person)));

      expect(passed(answers)).toBe(LIMITS.room_members_max - 1);
      expect(await membersOf(room)).toEqual({ counted: 10, rows: 10 });
    });

    it('leave nothing in the log, and no use of an invite, when one more is refused', async () => {
      const room = await aRoom('private');
      await fill(room);
      const { body: invite } = await ada.post<NewInvite>(`/rooms/${room}/invites`, { max_uses: 1 });
      const before = (await ada.get<Room>(`/rooms/${room}`)).body.last_seq;
      const eve = await someone();

      expect(await ada.put(`/rooms/${room}/members/${eve.id}`, { role: 'member' })).toMatchObject(refusal);
      expect(await eve.post(`/invites/${invite.code}/accept`)).toMatchObject(refusal);

      const { body } = await ada.get<ChangesPage>(`/rooms/${room}/changes?after_seq=${before}`);
      expect(body).toMatchObject({ messages: [], last_seq: before });
      await ada.post(`/rooms/${room}/messages`, { content: 'next' });
      expect((await ada.get<Room>(`/rooms/${room}`)).body.last_seq).toBe(before + 1);
      expect(await ada.get(`/rooms/${room}/invites`)).toMatchObject({ body: [{ uses: 0 }] });
    });

    it('join again, rise and make place for others, however full it is', async () => {
      const room = await aRoom();
      const [bob] = await fill(room);
      const eve = await someone();

      expect((await bob!.post(`/rooms/${room}/join`)).status).toBe(200);
      expect((await ada.put(`/rooms/${room}/members/${bob!.id}`, { role: 'owner' })).status).toBe(200);
      expect(await eve.post(`/rooms/${room}/join`)).toMatchObject(refusal);
      expect((await bob!.post(`/rooms/${room}/leave`)).status).toBe(204);
      expect((await eve.post(`/rooms/${room}/join`)).status).toBe(200);
    });

    it('are told to a sender on a socket', async () => {
      const room = await aRoom();
      await fill(room);
      const socket = await ChatSocket.open(server, await someone(), { path: `/${room}` });

      const answer = await socket.request({ type: 'message', content: 'hello' });

      expect(answer).toMatchObject({ type: 'error', code: 'limit_reached', retryable: false });
      await socket.close();
    });
  });

  describe('the rooms of one user', () => {
    /** Rooms of others. */
    async function roomsOfOthers(count: number): Promise<number[]> {
      const makers = await several(count);
      return Promise.all(makers.map(async (maker) => (await make(maker)).body.id));
    }

    it('are counted exactly when many are joined at once', async () => {
      const rooms = await roomsOfOthers(20);

      const answers = await Promise.all(rooms.map((room) => ada.post(`/rooms/${room}/join`)));

      expect(passed(answers)).toBe(LIMITS.rooms_joined_max);
      expect((await ada.get<{ rooms: Room[] }>('/rooms?joined=true')).body.rooms).toHaveLength(5);
    });

    it('are counted exactly when many are made at once', async () => {
      const answers = await Promise.all(oneTo(12).map(() => make(ada)));

      expect(passed(answers)).toBe(LIMITS.rooms_created_max);
      await ada.delete(`/rooms/${answers.find(({ status }) => status === 201)!.body.id}`);
      expect((await make(ada)).status).toBe(201);
      expect(await make(ada)).toMatchObject(refusal);
    });

    it('are counted together, made or joined', async () => {
      const rooms = await roomsOfOthers(3);

      const answers = await Promise.all([
        ...rooms.map((room) => ada.post(`/rooms/${room}/join`)),
        ...oneTo(4).map(() => make(ada)),
      ]);

      expect(passed(answers)).toBe(LIMITS.rooms_joined_max);
    });

    it('keep nobody from adding others, or from talking to somebody directly', async () => {
      const [room, ...rooms] = (await roomsOfOthers(6)) as [number, ...number[]];
      for (const other of rooms) await ada.post(`/rooms/${other}/join`);
      const bob = await someone();

      expect(await ada.post(`/rooms/${room}/join`)).toMatchObject(refusal);
      const direct = await ada.post<Room>('/rooms/direct', { user_id: bob.id });
      expect(direct.status).toBe(201);
      await ada.post(`/rooms/${rooms[0]}/leave`);
      expect((await ada.post(`/rooms/${room}/join`)).status).toBe(200);
    });
  });

  it('bound the rooms that one socket reads, and let it read those again', async () => {
    const rooms = [await aRoom(), await aRoom(), await aRoom()];
    const socket = await ChatSocket.open(server, ada);
    const join = (index: number) => socket.request({ type: 'join', room_id: rooms[index] });

    expect((await join(0)).type).toBe('messages_history');
    expect((await join(1)).type).toBe('messages_history');
    expect(await join(2)).toMatchObject({ type: 'error', code: 'limit_reached', room_id: rooms[2] });
    expect((await join(1)).type).toBe('messages_history');
    await socket.request({ type: 'leave', room_id: rooms[0] });
    expect((await join(2)).type).toBe('messages_history');
    await socket.close();
  });

  it('bound the slow mode', async () => {
    const room = await aRoom();

    expect((await ada.patch(`/rooms/${room}`, { slow_mode_seconds: 60 })).status).toBe(200);
    expect(await ada.patch(`/rooms/${room}`, { slow_mode_seconds: 61 })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: 'slow_mode_seconds' }] },
    });
  });

  it('stand in the welcome and in websocket-info', async () => {
    const socket = await ChatSocket.open(server, ada);
    const info = await ada.get<{ limits: object }>('/chat/websocket-info');

    expect((await socket.next('welcome')).data).toMatchObject({ limits: LIMITS });
    expect(info.body.limits).toEqual(LIMITS);
    await socket.close();
  });
});

import { Client } from 'pg';
import { Principals } from '../../../src/auth/principals';
import type { Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { FaultSender, throughRest, throughSocket } from '../../support/fault-senders';
import { mustHaveKeptItsPromises } from '../../support/kept-promises';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

const POOL_SIZE = 4;

/** PostgreSQL lives, but something in it does not go as it should. */
describe('while messages are sent', () => {
  let server: TestServer;
  let people: Person[];
  let sockets: ChatSocket[];
  let room: Room;
  let outsider: Client;

  beforeAll(async () => {
    server = await startTestServer({ databasePoolSize: POOL_SIZE });
    people = await Promise.all(oneTo(4).map((n) => aPerson(server, `Person${n}`)));
    sockets = await Promise.all(people.map((person) => ChatSocket.open(server, person)));
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    room = await aRoom();
    outsider = new Client(server.config.databaseUrl!);
    await outsider.connect();
  });
  afterEach(() => outsider.end());

  async function aRoom(): Promise<Room> {
    const { body } = await people[0]!.post<Room>('/rooms', { name: `Room ${Math.random()}` });
    await Promise.all(people.map((person) => person.post(`/rooms/${body.id}/join`)));
    return body;
  }

  async function aReader(): Promise<{ socket: ChatSocket; replica: RoomReplica }> {
    const socket = await ChatSocket.open(server, people[0]!, { path: `/${room.id}` });
    const replica = new RoomReplica(room.id);
    await replica.readAnswer(socket);
    return { socket, replica };
  }

  it('terminated backends cost no acknowledged message', async () => {
    const { socket, replica } = await aReader();
    const senders = people.map((person, n) =>
      n % 2
        ? new FaultSender(person.username, throughRest(person), room.id)
        : new FaultSender(person.username, throughSocket(sockets[n]!), room.id),
    );

    for (const sender of senders) sender.start(5);
    for (const _ of oneTo(8)) {
      await Promise.all(senders.map((sender) => sender.sees('stored', 10)));
      await outsider.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }
    await Promise.all(senders.map((sender) => sender.finish()));

    await mustHaveKeptItsPromises(server.dataSource, room.id, senders);
    const marker = await sockets[0]!.say('marker', { room_id: room.id });
    await replica.readTo(socket, marker.seq);
    replica.mustAgreeWith(await wholeLog(people[0]!, room.id));
    await socket.close();
  });

  it('a room whose row is locked answers its senders in time, and the other rooms go on', async () => {
    const others = await Promise.all([aRoom(), aRoom()]);
    const locked = people.map(
      (person, n) => new FaultSender(`${person.username} locked`, throughSocket(sockets[n]!), room.id),
    );
    const free = people.map(
      (person, n) =>
        new FaultSender(`${person.username} free`, throughSocket(sockets[n]!), others[n % 2]!.id),
    );

    await outsider.query('BEGIN');
    await outsider.query('SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE', [room.id]);
    for (const sender of [...locked, ...free]) sender.start(100);
    await Promise.all(locked.map((sender) => sender.sees('refused', 20)));
    await outsider.query('COMMIT');
    const firstAfter = await throughSocket(sockets[0]!).send(room.id, 'first after');
    await Promise.all([...locked, ...free].map((sender) => sender.finish()));

    expect(firstAfter).toMatchObject({ id: expect.any(Number) });
    await mustHaveKeptItsPromises(server.dataSource, room.id, locked);
    const ofRoom = (n: number) => free.filter((_, index) => index % 2 === n);
    for (const n of [0, 1]) await mustHaveKeptItsPromises(server.dataSource, others[n]!.id, ofRoom(n));
    const sentFreely = free.flatMap(({ sent }) => sent);
    expect(sentFreely.filter(({ codes }) => codes.length > 0)).toEqual([]);
  });

  it('a locked table has all senders answered in time, and after it everything goes on', async () => {
    const { socket, replica } = await aReader();
    const rooms = [room, await aRoom()];
    const senders = people.map(
      (person, n) => new FaultSender(person.username, throughSocket(sockets[n]!), rooms[n % 2]!.id),
    );

    for (const sender of senders) sender.start(20);
    await Promise.all(senders.map((sender) => sender.sees('stored', 5)));
    await outsider.query('BEGIN');
    await outsider.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
    await Promise.all(senders.map((sender) => sender.sees('refused', 20)));
    await outsider.query('COMMIT');
    await Promise.all(senders.map((sender) => sender.sees('stored', 5)));
    await Promise.all(senders.map((sender) => sender.finish()));

    for (const [n, { id }] of rooms.entries()) {
      const ofRoom = senders.filter((_, index) => index % 2 === n);
      await mustHaveKeptItsPromises(server.dataSource, id, ofRoom);
    }
    const marker = await sockets[0]!.say('marker', { room_id: room.id });
    await replica.readTo(socket, marker.seq);
    replica.mustAgreeWith(await wholeLog(people[0]!, room.id));
    await socket.close();
  });

  it('requests that exhaust the pool do not hold up the chat on the sockets', async () => {
    const { socket, replica } = await aReader();
    // Nothing that is known of the authors grows old while the pool is exhausted.
    for (const { id } of people) server.app.get(Principals).dropUser(id);
    await Promise.all(sockets.map((other) => other.say('warm', { room_id: room.id })));

    await outsider.query('BEGIN');
    await outsider.query('LOCK TABLE room_invites IN ACCESS EXCLUSIVE MODE');
    const stuck = oneTo(POOL_SIZE * 4).map(() => people[0]!.get(`/rooms/${room.id}/invites`));
    await allConnectionsWait();
    const said = await Promise.all(
      oneTo(100).map((n) => sockets[n % 4]!.say(`message ${n}`, { room_id: room.id })),
    );
    await replica.readTo(socket, said.at(-1)!.seq);
    const stillWaiting = await waitingConnections();
    await outsider.query('COMMIT');
    const answers = await Promise.all(stuck);

    expect(stillWaiting).toBe(POOL_SIZE);
    expect(new Set(said.map(({ id }) => id)).size).toBe(100);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await socket.close();
  });

  async function waitingConnections(): Promise<number> {
    const { rows } = await outsider.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]!.count;
  }

  async function allConnectionsWait(): Promise<void> {
    while ((await waitingConnections()) < POOL_SIZE);
  }
});

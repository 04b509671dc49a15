import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { RoomWriter } from '../../support/room-writer';
import { itBySeed, type SeededRandom } from '../../support/seeded';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

const JOINS = 400;
const AT_ONCE = 16;
/** So that a slow machine does not make the test longer still. */
const CHANGES_EACH = 1500;

describe('joining while messages, edits and deletions pour in', () => {
  let server: TestServer;
  let readers: Person[];
  let writers: RoomWriter[];

  beforeAll(async () => {
    server = await startTestServer();
    readers = await Promise.all(oneTo(4).map((n) => aPerson(server, `Reader${n}`)));
    writers = await Promise.all(
      oneTo(3).map(async (n) => RoomWriter.open(server, await aPerson(server, `Writer${n}`), 1)),
    );
  });
  afterAll(() => server.stop());

  itBySeed('shows nobody a hole or a twin, whatever position they come with', async (random) => {
    const replicas: RoomReplica[] = [];
    let isPouring = true;
    const pouring = Promise.all(
      writers.map(async (writer) => {
        while (isPouring && writer.changes < CHANGES_EACH) await writer.burst(random, 1 + random.below(16));
      }),
    );

    await Promise.all(
      oneTo(AT_ONCE).map(async () => {
        while (replicas.length < JOINS) replicas.push(await visit(random, replicas));
      }),
    );
    isPouring = false;
    await pouring;

    const log = await wholeLog(readers[0]!, 1);
    const { seq } = log.reduce((last, message) => (message.seq > last.seq ? message : last));
    expect(log.map(({ id }) => id)).toEqual(oneTo(log.length));
    expect(seq).toBeGreaterThan(log.length);
    for (const replica of replicas) replica.mustAgreeWith(log);

    // Whoever comes back at the end with what they knew at any time has the whole truth.
    for (const replica of replicas.slice(-30)) {
      const last = await resume(random, replica.copy(), async () => seq);
      expect(last.position).toBe(seq);
      last.mustAgreeWith(log);
    }
  });

  /** One visit: a first join, a return with what an earlier visitor knew, or with a bare number. */
  async function visit(random: SeededRandom, earlier: readonly RoomReplica[]): Promise<RoomReplica> {
    const kind = earlier.length < AT_ONCE ? 0 : random.below(3);
    if (kind === 0) return resume(random, new RoomReplica(1));
    const known = random.pick(earlier);
    return resume(random, kind === 1 ? known.copy() : new RoomReplica(1, random.below(known.position! + 1)));
  }

  /** Joins with what the replica knows, at either door, reads on to a message that is sent then, and goes. */
  async function resume(
    random: SeededRandom,
    replica: RoomReplica,
    target = () => writers[0]!.marker(),
  ): Promise<RoomReplica> {
    const { position } = replica;
    const isHome = random.below(2) === 0;
    const query = position === null ? '' : `?after_seq=${position}`;
    const socket = await ChatSocket.open(server, random.pick(readers), { path: isHome ? `/1${query}` : '' });
    if (!isHome) socket.send({ type: 'join', room_id: 1, ...(position !== null && { after_seq: position }) });

    await replica.readAnswer(socket);
    await replica.readTo(socket, await target());
    await socket.close();
    return replica;
  }
});

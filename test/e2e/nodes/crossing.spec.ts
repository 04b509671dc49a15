import { setTimeout as delay } from 'node:timers/promises';
import { onPublish } from '../../support/carried-announcements';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { itBySeed } from '../../support/seeded';
import { at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { oneTo, wholeLog } from '../../support/whole-log';

const WRITERS = 100;
const MESSAGES_EACH = 2;
/** Hundreds of messages on a machine that may be busy with other things. */
const TIMEOUT_MS = 90_000;

describe('a hundred writers on two nodes in one room', () => {
  let nodes: TwoNodes;
  let people: Person[];
  let roomId: number;
  let rooms = 0;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    people = await Promise.all(oneTo(WRITERS).map((n) => aPerson(nodes.a, `Writer${n}`)));
  });
  afterAll(() => nodes.stop());
  beforeEach(async () => {
    const { body } = await people[0]!.post<{ id: number }>('/rooms', { name: `Crossing ${++rooms}` });
    roomId = body.id;
  });
  afterEach(() => jest.restoreAllMocks());

  /** Resolves when it is stored; what a busy machine refuses is sent again under its name. */
  async function send(writer: Person, content: string): Promise<void> {
    for (;;) {
      const { status } = await writer.post(`/rooms/${roomId}/messages`, { content, client_msg_id: content });
      if (status === 201 || status === 200) return;
      if (status !== 503) throw new Error(`refused with ${status}`);
    }
  }

  /** What a reader knows once it has been told everything up to `seq`. */
  async function followed(socket: ChatSocket, seq: number): Promise<RoomReplica> {
    const reached = () => socket.frames.some(({ data }) => (data?.last_seq ?? data?.seq) >= seq);
    while (!reached()) await delay(20);
    const replica = new RoomReplica(roomId);
    for (const frame of socket.frames) replica.take(frame);
    return replica;
  }

  /** Everybody writes at once; then every reader must have followed, one number after the other, to the end. */
  async function everybodyWrites(): Promise<void> {
    const readers: ChatSocket[] = [];
    for (const node of [nodes.a, nodes.a, nodes.b, nodes.b]) {
      const socket = await ChatSocket.open(node, people[0]!, { path: `/${roomId}` });
      await socket.next('messages_history');
      readers.push(socket);
    }

    await Promise.all(
      people.map(async (person, index) => {
        const writer = at(index % 2 ? nodes.a : nodes.b, person);
        for (const n of oneTo(MESSAGES_EACH)) await send(writer, `${n} of ${index}`);
      }),
    );

    const log = await wholeLog(people[0]!, roomId);
    expect(log.map(({ id, seq }) => [id, seq])).toEqual(oneTo(WRITERS * MESSAGES_EACH).map((n) => [n, n]));
    for (const socket of readers) {
      const replica = await followed(socket, log.length);
      replica.mustAgreeWith(log);
      expect(replica.messages.size).toBe(log.length);
      await socket.close();
    }
  }

  it('are followed by every reader, number by number', everybodyWrites, TIMEOUT_MS);

  it(
    'are so, too, when one node’s announcements come 300 ms late',
    async () => {
      onPublish(nodes.a, (carry) => setTimeout(carry, 300));

      await everybodyWrites();
    },
    TIMEOUT_MS,
  );

  itBySeed('are so when announcements come late, twice, in another order or not at all', async (random) => {
    for (const node of [nodes.a, nodes.b]) {
      onPublish(node, (carry) => {
        for (let times = random.below(3); times > 0; times--) setTimeout(carry, random.below(200));
      });
    }

    await everybodyWrites();
  });
});

import { onPublish } from '../../support/carried-announcements';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { itBySeed } from '../../support/seeded';
import type { TestServer } from '../../support/test-server';
import { startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { oneTo, wholeLog } from '../../support/whole-log';

const WRITERS = 100;
const MESSAGES_EACH = 3;

describe('a hundred writers on two nodes in one room', () => {
  let nodes: TwoNodes;
  let people: Person[];
  let sockets: ChatSocket[];
  let roomId: number;
  let rooms = 0;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    people = await Promise.all(oneTo(WRITERS).map((n) => aPerson(nodes.a, `Writer${n}`)));
    sockets = await Promise.all(
      people.map((person, index) => ChatSocket.open(index % 2 ? nodes.a : nodes.b, person)),
    );
  });
  afterAll(() => nodes.stop());
  beforeEach(async () => {
    const { body } = await people[0]!.post<{ id: number }>('/rooms', { name: `Crossing ${++rooms}` });
    roomId = body.id;
  });
  afterEach(() => jest.restoreAllMocks());

  async function aReader(node: TestServer) {
    const replica = new RoomReplica(roomId);
    const socket = await ChatSocket.open(node, people[0]!, { path: `/${roomId}` });
    await replica.readAnswer(socket);
    return { replica, socket };
  }

  /** Resolves with its `seq` when it is stored; what a busy machine refuses is sent again under its name. */
  async function send(socket: ChatSocket, content: string): Promise<number> {
    for (;;) {
      const answer = await socket.request({
        type: 'message',
        room_id: roomId,
        content,
        client_msg_id: content,
      });
      if (answer.type === 'ack') return (answer.data as { seq: number }).seq;
      if (answer.code !== 'database_unavailable') throw new Error(`refused: ${answer.code}`);
    }
  }

  /** Everybody writes at once; then every reader must have followed, one number after the other, to the end. */
  async function everybodyWrites(): Promise<void> {
    const readers = await Promise.all([nodes.a, nodes.a, nodes.b, nodes.b].map(aReader));

    const seqs = await Promise.all(
      sockets.map(async (socket, index) => {
        let seq = 0;
        for (const n of oneTo(MESSAGES_EACH)) seq = await send(socket, `${n} of ${index}`);
        return seq;
      }),
    );
    await Promise.all(readers.map(({ replica, socket }) => replica.readTo(socket, Math.max(...seqs))));

    const log = await wholeLog(people[0]!, roomId);
    expect(log.map(({ id, seq }) => [id, seq])).toEqual(oneTo(WRITERS * MESSAGES_EACH).map((n) => [n, n]));
    for (const { replica, socket } of readers) {
      replica.mustAgreeWith(log);
      expect(replica.messages.size).toBe(log.length);
      await socket.close();
    }
  }

  it('are followed by every reader, number by number', everybodyWrites);

  it('are so, too, when one node’s announcements come 300 ms late', async () => {
    onPublish(nodes.a, (carry) => setTimeout(carry, 300));

    await everybodyWrites();
  });

  itBySeed('are so when announcements come late, twice, in another order or not at all', async (random) => {
    for (const node of [nodes.a, nodes.b]) {
      onPublish(node, (carry) => {
        for (let times = random.below(3); times > 0; times--) setTimeout(carry, random.below(200));
      });
    }

    await everybodyWrites();
  });
});

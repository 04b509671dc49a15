import type { Message } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { RoomWriter } from '../../support/room-writer';
import { itBySeed } from '../../support/seeded';
import type { TestServer } from '../../support/test-server';
import { at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { oneTo, wholeLog } from '../../support/whole-log';

/** What the database alone decides, however the nodes hear of each other. */
describe('two nodes on one database', () => {
  let nodes: TwoNodes;
  let ada: Person;
  let bob: Person;

  beforeEach(async () => {
    nodes = await startTwoNodes();
    ada = await aPerson(nodes.a, 'Ada');
    bob = await aPerson(nodes.b, 'Bob');
  });
  afterEach(() => nodes.stop());

  const reader = (node: TestServer, person: Person, query = '') =>
    ChatSocket.open(node, person, { path: `/1${query}` });

  it('bring one node’s messages to the other’s readers, in order, once, while both commit', async () => {
    const socket = await reader(nodes.a, ada);
    const replica = new RoomReplica(1);
    await replica.readAnswer(socket);
    const [authorA, authorB] = await Promise.all([
      ChatSocket.open(nodes.a, ada),
      ChatSocket.open(nodes.b, bob),
    ]);

    for (const round of oneTo(3)) {
      await Promise.all(oneTo(70 * round).map((n) => authorB.say(`from B ${n}`, { room_id: 1 })));
      const { seq } = await authorA.say('from A', { room_id: 1 });
      await replica.readTo(socket, seq);
      expect(replica.position).toBe(seq);
    }

    const log = await wholeLog(ada, 1);
    expect(log.map(({ id, seq }) => [id, seq])).toEqual(oneTo(423).map((n) => [n, n]));
    replica.mustAgreeWith(log);
    expect([...replica.messages.values()]).toEqual(log);
  });

  itBySeed('number 1 to n when both write at once, and their readers agree', async (random) => {
    const people = await Promise.all(oneTo(4).map((n) => aPerson(nodes.a, `Writer${n}`)));
    const writers = await Promise.all(
      people.map((person, index) =>
        index % 2 ? RoomWriter.open(nodes.a, person, 1) : RoomWriter.open(nodes.b, person, 1),
      ),
    );
    const readers = await Promise.all(
      [nodes.a, nodes.b, nodes.a, nodes.b].map(async (node) => ({
        socket: await reader(node, ada),
        replica: new RoomReplica(1),
      })),
    );
    await Promise.all(readers.map(({ replica, socket }) => replica.readAnswer(socket)));

    await Promise.all(
      writers.map(async (writer) => {
        for (let bursts = 0; bursts < 12; bursts++) await writer.burst(random, 1 + random.below(20));
      }),
    );
    const markers = [await writers[0]!.marker(), await writers[1]!.marker()];
    await Promise.all(
      readers.map(({ replica, socket }, index) => replica.readTo(socket, markers[index % 2 ? 0 : 1]!)),
    );

    const log = await wholeLog(ada, 1);
    expect(log.map(({ id }) => id)).toEqual(oneTo(log.length));
    expect(Math.max(...log.map(({ seq }) => seq))).toBe(markers[1]);
    expect(new Set(log.map(({ seq }) => seq)).size).toBe(log.length);
    for (const { replica } of readers) replica.mustAgreeWith(log);
  });

  it('store a message that is sent to both under one name once', async () => {
    const adaOnB = at(nodes.b, ada);
    await Promise.all([ada, adaOnB].map((person) => person.post('/rooms/1/messages', { content: 'hello' })));
    const draft = { content: 'twice', client_msg_id: 'x' };

    const answers = await Promise.all(
      oneTo(40).map((n) => (n % 2 ? ada : adaOnB).post<Message>('/rooms/1/messages', draft)),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => answers[0]!.body));
    const { body: next } = await bob.post<Message>('/rooms/1/messages', { content: 'next' });
    expect(next).toMatchObject({ id: 4, seq: 4 });
  });

  it('resume each other’s readers where they stopped', async () => {
    const authorA = await ChatSocket.open(nodes.a, ada);
    const first = await reader(nodes.a, ada);
    const replica = new RoomReplica(1);
    const { seq } = await authorA.say('on A', { room_id: 1 });
    await replica.readTo(first, seq);
    await first.close();

    const { body } = await bob.post<Message>('/rooms/1/messages', { content: 'on B' });
    const onB = await reader(nodes.b, ada, `?after_seq=${replica.position}&epoch=${replica.epoch}`);
    await replica.readTo(onB, body.seq);
    await authorA.say('on A again', { room_id: 1 });
    const { body: last } = await bob.post<Message>('/rooms/1/messages', { content: 'on B again' });
    await replica.readTo(onB, last.seq);

    expect([...replica.messages.values()]).toEqual(await wholeLog(ada, 1));
  });

  it('give one who joins after a long hole the newest page whole, with its edited messages', async () => {
    const watcher = await reader(nodes.a, ada);
    await watcher.next('messages_history');
    const authorB = await ChatSocket.open(nodes.b, bob);
    const said = await Promise.all(oneTo(120).map((n) => authorB.say(`${n}`, { room_id: 1 })));
    // Its change stands behind the others, so it is read on a later page of the hole than its neighbours.
    await authorB.request({ type: 'edit_message', room_id: 1, message_id: said[94]!.id, content: 'edited' });

    const { body: last } = await ada.post<Message>('/rooms/1/messages', { content: 'from A' });
    await watcher.next(({ data }) => (data.last_seq ?? data.seq) >= last.seq);
    const joined = await (await reader(nodes.a, ada)).next('messages_history');

    const log = await wholeLog(ada, 1);
    expect((joined.data.messages as Message[]).map(({ id }) => id)).toEqual(oneTo(50).map((n) => 71 + n));
    expect(joined.data.messages).toEqual(log.slice(-50));
  });
});

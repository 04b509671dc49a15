import { ChatSocket } from '../../support/chat-socket';
import { aPerson, Person } from '../../support/person';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('what happens on one node', () => {
  let database: TestDatabase;
  let nodeA: TestServer;
  let nodeB: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    [nodeA, nodeB] = await Promise.all([
      startTestServer({ databaseUrl: database.url }),
      startTestServer({ databaseUrl: database.url }),
    ]);
    ada = await aPerson(nodeA, 'Ada');
    bob = await aPerson(nodeB, 'Bob');
  });
  afterAll(async () => {
    await Promise.all([nodeA.stop(), nodeB.stop()]);
    await database.drop();
  });

  const aReader = async (node: TestServer, person: Person) => {
    const socket = await ChatSocket.open(node, person, { path: '/1' });
    await socket.next('messages_history');
    return socket;
  };

  it('is live on the other: messages, edits, deletions', async () => {
    const reader = await aReader(nodeA, ada);
    const author = await ChatSocket.open(nodeB, bob);

    const { id, seq } = await author.say('hello', { room_id: 1 });
    await author.request({ type: 'edit_message', room_id: 1, message_id: id, content: 'hello!' });
    await author.request({ type: 'delete_message', room_id: 1, message_id: id });

    await expect(reader.next('message')).resolves.toMatchObject({ data: { seq, content: 'hello' } });
    for (const [further, content] of [
      [1, 'hello!'],
      [2, null],
    ] as const) {
      const frame = await reader.next('message_updated');
      expect(frame).toMatchObject({ data: { id, seq: seq + further, content } });
    }
  });
});

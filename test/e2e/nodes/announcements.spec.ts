import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { startTwoNodes, type TwoNodes } from '../../support/two-nodes';

describe('what happens on one node', () => {
  let nodes: TwoNodes;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    ada = await aPerson(nodes.a, 'Ada');
    bob = await aPerson(nodes.b, 'Bob');
  });
  afterAll(() => nodes.stop());

  const aReader = async (node: TestServer, person: Person) => {
    const socket = await ChatSocket.open(node, person, { path: '/1' });
    await socket.next('messages_history');
    return socket;
  };

  it('is live on the other: messages, edits, deletions', async () => {
    const reader = await aReader(nodes.a, ada);
    const author = await ChatSocket.open(nodes.b, bob);

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

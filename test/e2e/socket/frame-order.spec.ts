import type { HistoryPage, Message } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { clientFrame, jsonFrame } from '../../support/client-frame';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('the frames of one socket', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());

  /** All messages of the room, oldest first. */
  const history = async (): Promise<Message[]> => {
    const messages: Message[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { body }: { body: HistoryPage } = await bob.get(`/rooms/1/messages?after=${after}&limit=100`);
      messages.push(...body.messages);
      after = body.next_cursor;
    }
    return messages;
  };

  it('are answered in order, whatever they are and however long each takes', async () => {
    const client = await RawClient.open(server, '/ws/1', ada.token);
    await client.next('messages_history');
    const burst = [
      jsonFrame({ type: 'message', content: 'one', request_id: 1 }),
      jsonFrame({ type: 'ping', request_id: 2 }),
      jsonFrame({ type: 'fetch_messages', request_id: 3 }),
      jsonFrame({ type: 'message', content: '', request_id: 4 }),
      jsonFrame({ type: 'edit_message', message_id: 1, content: 'one!', request_id: 5 }),
      clientFrame('{"request_id":'),
      jsonFrame({ type: 'message', content: 'two', request_id: 7 }),
      jsonFrame({ type: 'message', content: 'three', request_id: 8 }),
      jsonFrame({ type: 'fetch_messages', request_id: 9 }),
      jsonFrame({ type: 'nonsense', request_id: 10 }),
      jsonFrame({ type: 'delete_message', message_id: 1, request_id: 11 }),
      jsonFrame({ type: 'authenticate', token: 'garbage', request_id: 12 }),
      jsonFrame({ type: 'fetch_messages', request_id: 13 }),
      jsonFrame({ type: 'ping', request_id: 14 }),
    ];
    client.send(Buffer.concat(burst));

    const direct = [];
    while (direct.length < burst.length) {
      direct.push(await client.next(({ type, request_id }) => request_id !== undefined || type === 'error'));
    }

    expect(direct).toMatchObject([
      { type: 'ack', request_id: 1, data: { id: 1 } },
      { type: 'pong', request_id: 2 },
      { type: 'messages_history', request_id: 3, data: { messages: [{ content: 'one' }] } },
      { type: 'error', code: 'message_empty', request_id: 4 },
      { type: 'ack', request_id: 5, data: { id: 1 } },
      { type: 'error', code: 'invalid_json' },
      { type: 'ack', request_id: 7, data: { id: 2 } },
      { type: 'ack', request_id: 8, data: { id: 3 } },
      {
        type: 'messages_history',
        request_id: 9,
        data: { messages: [{ content: 'one!' }, { content: 'two' }, { content: 'three' }] },
      },
      { type: 'error', code: 'unknown_type', request_id: 10 },
      { type: 'ack', request_id: 11, data: { id: 1 } },
      { type: 'error', code: 'token_invalid', request_id: 12 },
      {
        type: 'messages_history',
        request_id: 13,
        data: { messages: [{ content: null }, { content: 'two' }, { content: 'three' }] },
      },
      { type: 'pong', request_id: 14 },
    ]);
    client.destroy();
  });

  it('bring the author the message before its acknowledgement', async () => {
    const socket = await ChatSocket.open(server, ada, { path: '/1' });

    const { seq } = await socket.say('hello');

    const order = socket.frames.filter(({ type }) => type === 'message' || type === 'ack');
    expect(order).toMatchObject([
      { type: 'message', data: { seq } },
      { type: 'ack', data: { seq } },
    ]);
    await socket.close();
  });

  it('are stored in order: a burst of 500 messages of each of two authors', async () => {
    const [a, b] = await Promise.all([
      ChatSocket.open(server, ada, { path: '/1' }),
      ChatSocket.open(server, bob, { path: '/1' }),
    ]);
    const before = (await history()).length;
    for (let n = 0; n < 500; n++) {
      a.send({ type: 'message', content: `a${n}`, request_id: n });
      b.send({ type: 'message', content: `b${n}`, request_id: n });
    }
    await Promise.all([a, b].map((socket) => socket.next(({ request_id }) => request_id === 499)));

    const stored = (await history()).slice(before);
    const acks = a.frames.filter(({ type }) => type === 'ack');

    const numbers = Array.from({ length: 500 }, (_, n) => n);
    const contentsOf = (person: Person) =>
      stored.filter(({ user_id }) => user_id === person.id).map(({ content }) => content);
    expect(contentsOf(ada)).toEqual(numbers.map((n) => `a${n}`));
    expect(contentsOf(bob)).toEqual(numbers.map((n) => `b${n}`));
    expect(acks.map(({ request_id }) => request_id)).toEqual(numbers);
    await Promise.all([a.close(), b.close()]);
  });

  it('of many sizes reach every reader in the order of the log, each once', async () => {
    const [a, b] = await Promise.all([
      ChatSocket.open(server, ada, { path: '/1' }),
      ChatSocket.open(server, bob, { path: '/1' }),
    ]);
    const { data: start } = await b.next('messages_history');
    // Sizes on both sides of each step in the length of a frame's header.
    const sizes = Array.from({ length: 120 }, (_, n) => 1 + ((n * 37) % 4000));
    for (const size of sizes) a.send({ type: 'message', content: '😀'.repeat(size) });

    const lastSeq = Number(start.last_seq) + sizes.length;
    const [seenByA, seenByB] = await Promise.all([a.messagesUpTo(lastSeq), b.messagesUpTo(lastSeq)]);

    expect(seenByB).toEqual(seenByA);
    expect(seenByB.map(({ seq }) => seq)).toEqual(sizes.map((_, n) => Number(start.last_seq) + n + 1));
    expect(seenByB.map(({ content }) => content!.length / 2)).toEqual(sizes);
    await Promise.all([a.close(), b.close()]);
  });
});

import type { HistoryPage, Message, Room } from '../../src/protocol/models';
import { ChatSocket } from '../support/chat-socket';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

describe('a first chat', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());

  it('begins on the room’s own socket with the newest history and the position', async () => {
    const socket = await ChatSocket.open(server, ada, { path: '/1' });

    const first = await socket.next('messages_history');

    expect(first.data).toEqual({
      room_id: 1,
      messages: [],
      has_more: false,
      next_cursor: null,
      last_seq: 0,
      epoch: expect.any(String),
    });
    await socket.close();
  });

  it('brings a message to everyone in the room, the sender included, in the same bytes', async () => {
    const [a, b] = await Promise.all([
      ChatSocket.open(server, ada, { path: '/1' }),
      ChatSocket.open(server, bob, { path: '/1' }),
    ]);
    await Promise.all([a.next('messages_history'), b.next('messages_history')]);

    a.send({ type: 'message', content: '  Hello, world!  ' });

    const [seenByA, seenByB] = await Promise.all([a.next('message'), b.next('message')]);
    expect(seenByA).toEqual(seenByB);
    expect(seenByB.data).toMatchObject({
      id: 1,
      seq: 1,
      kind: 'user',
      room_id: 1,
      user_id: ada.id,
      username: 'Ada',
      content: 'Hello, world!',
      client_msg_id: null,
      reactions: [],
    });
    await Promise.all([a.close(), b.close()]);
  });

  it('acknowledges with the request id once committed, and edits and deletes for everyone', async () => {
    const [a, b] = await Promise.all([
      ChatSocket.open(server, ada, { path: '/1' }),
      ChatSocket.open(server, bob, { path: '/1' }),
    ]);
    await b.next('messages_history');

    const { id } = await a.say('first words');
    await b.next('message');
    const edited = await a.request({ type: 'edit_message', message_id: id, content: 'second thoughts' });
    const seen = await b.next('message_updated');
    const refused = await b.request({ type: 'edit_message', message_id: id, content: 'mine' });
    await a.request({ type: 'delete_message', message_id: id });
    const gone = await b.next('message_updated');

    expect(edited).toMatchObject({ type: 'ack', data: { id, duplicate: false } });
    expect(seen.data).toMatchObject({ id, content: 'second thoughts', edited_at: expect.any(String) });
    expect(refused).toMatchObject({ type: 'error', code: 'forbidden', outcome: 'not_stored' });
    expect(gone.data).toMatchObject({ id, content: null, deleted_at: expect.any(String) });
    await Promise.all([a.close(), b.close()]);
  });

  it('serves many rooms on one socket', async () => {
    const { body: room } = await ada.post<Room>('/rooms', { name: 'Engineering' });
    const socket = await ChatSocket.open(server, ada);

    const welcome = await socket.next('welcome');
    const joined = await socket.request({ type: 'join', room_id: room.id });
    const ack = await socket.say('hi', { room_id: room.id });
    const left = await socket.request({ type: 'leave', room_id: room.id });

    expect(welcome.data).toMatchObject({ user: { username: 'Ada' }, heartbeat_seconds: 25 });
    expect(joined).toMatchObject({ type: 'messages_history', data: { room_id: room.id, last_seq: 0 } });
    expect(ack).toMatchObject({ id: 1, seq: 1, duplicate: false });
    expect(left).toMatchObject({ type: 'left', data: { room_id: room.id } });
    await socket.close();
  });

  it('keeps over REST what was said over the socket', async () => {
    const { body: page } = await bob.get<HistoryPage>('/rooms/1/messages');
    const sent = await bob.post<Message>('/rooms/1/messages', { content: 'over REST', client_msg_id: 'x' });
    const again = await bob.post<Message>('/rooms/1/messages', { content: 'over REST', client_msg_id: 'x' });

    expect(page.messages.map(({ content }) => content)).toEqual(['Hello, world!', null]);
    expect(sent.status).toBe(201);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(sent.body);
  });
});

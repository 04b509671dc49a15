import type { ChangesPage, HistoryPage, Message, Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { DatabaseProxy } from '../../support/database-proxy';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

/** The statement that stores plain messages, by its name, and the end of every other change. */
const INSERT = 'log-insert-plain';
const COMMIT = 'COMMIT';

describe('when the connection to PostgreSQL is cut', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: Room;
  let author: ChatSocket;
  let reader: ChatSocket;
  let replica: RoomReplica;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await DatabaseProxy.start(database.url);
    // One connection for reading: what is read later has been read after what was read before.
    server = await startTestServer({ databaseUrl: proxy.url, databasePoolSize: 1 });
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
    author = await ChatSocket.open(server, ada);
  });
  afterAll(async () => {
    await server.stop();
    proxy.stop();
    await database.drop();
  });

  beforeEach(async () => {
    ({ body: room } = await ada.post<Room>('/rooms', { name: `Room ${Math.random()}` }));
    reader = await ChatSocket.open(server, bob, { path: `/${room.id}` });
    replica = new RoomReplica(room.id);
    await replica.readAnswer(reader);
    await send({ content: 'before' });
  });
  afterEach(() => reader.close());

  const send = (frame: object) => author.request({ type: 'message', room_id: room.id, ...frame });

  async function theReaderHasEverything(): Promise<void> {
    const { body: page } = await ada.get<HistoryPage>(`/rooms/${room.id}/messages`);
    await replica.readTo(reader, page.last_seq);
    expect([...replica.messages.values()]).toEqual(await wholeLog(ada, room.id));
  }

  it('after a message was committed, its readers get it at once, and its sender, repeating it, that it is stored', async () => {
    proxy.cutAnswerTo(INSERT);

    const first = await send({ content: 'hello', client_msg_id: 'x' });
    await replica.readTo(reader, 2);
    const again = await send({ content: 'hello', client_msg_id: 'x' });
    const next = await send({ content: 'next' });

    expect(first).toMatchObject({ type: 'error', code: 'database_unavailable', outcome: 'unknown' });
    expect(again).toMatchObject({ type: 'ack', data: { id: 2, seq: 2, duplicate: true } });
    expect(next).toMatchObject({ type: 'ack', data: { id: 3, seq: 3 } });
    await theReaderHasEverything();
  });

  it('after the COMMIT of a reply, it is as with a message', async () => {
    proxy.cutAnswerTo(COMMIT);

    const first = await send({ content: 'hello', reply_to_id: 1, client_msg_id: 'x' });
    await replica.readTo(reader, 3);
    const again = await send({ content: 'hello', reply_to_id: 1, client_msg_id: 'x' });

    expect(first).toMatchObject({ type: 'error', code: 'database_unavailable', outcome: 'unknown' });
    expect(again).toMatchObject({ type: 'ack', data: { id: 2, seq: 2, duplicate: true } });
    expect(replica.messages.get(1)).toMatchObject({ reply_count: 1 });
    await theReaderHasEverything();
  });

  it('after the COMMIT of an edit and of a deletion, their repetition changes nothing more', async () => {
    const edit = { type: 'edit_message', message_id: 1, content: 'edited' };
    const deletion = { type: 'delete_message', message_id: 1 };
    for (const [index, change] of [edit, deletion].entries()) {
      proxy.cutAnswerTo(COMMIT);

      const first = await send(change);
      await replica.readTo(reader, index + 2);
      const again = await send(change);

      expect(first).toMatchObject({ type: 'error', code: 'database_unavailable', outcome: 'unknown' });
      expect(again).toMatchObject({ type: 'ack', data: { id: 1, seq: index + 2 } });
    }
    await theReaderHasEverything();
  });

  it('over REST, too, the answer says that nobody knows', async () => {
    proxy.cutAnswerTo(INSERT);
    const draft = { content: 'hello', client_msg_id: 'x' };

    const first = await ada.post(`/rooms/${room.id}/messages`, draft);
    const again = await ada.post<Message>(`/rooms/${room.id}/messages`, draft);

    expect(first).toMatchObject({ status: 503, body: { code: 'database_unavailable', outcome: 'unknown' } });
    expect(again).toMatchObject({ status: 200, body: { id: 2, seq: 2 } });
    await theReaderHasEverything();
  });

  it('before PostgreSQL got the message, its repetition is the first to be stored', async () => {
    proxy.cutBefore(INSERT);

    const first = await send({ content: 'hello', client_msg_id: 'x' });
    const again = await send({ content: 'hello', client_msg_id: 'x' });

    expect(first).toMatchObject({ type: 'error', outcome: 'unknown' });
    expect(again).toMatchObject({ type: 'ack', data: { id: 2, seq: 2, duplicate: false } });
    await theReaderHasEverything();
  });

  it('before the COMMIT of a reply, nothing is stored and its sender is not told that it is', async () => {
    proxy.cutBefore(COMMIT);

    const first = await send({ content: 'hello', reply_to_id: 1, client_msg_id: 'x' });
    const again = await send({ content: 'hello', reply_to_id: 1, client_msg_id: 'x' });

    expect(first).toMatchObject({ type: 'error', outcome: 'unknown' });
    expect(again).toMatchObject({ type: 'ack', data: { id: 2, seq: 2, duplicate: false } });
    await theReaderHasEverything();
  });

  it('and a message arrives there late, readers get it when its sender repeats it', async () => {
    const held = proxy.holdBack(INSERT);

    const first = await send({ content: 'hello', client_msg_id: 'x' });
    // Read behind the server's own look at the log: neither found anything.
    const { body: before } = await ada.get<ChangesPage>(`/rooms/${room.id}/changes?after_seq=1`);
    await held.deliver();
    const again = await send({ content: 'hello', client_msg_id: 'x' });

    expect(first).toMatchObject({ type: 'error', outcome: 'unknown' });
    expect(before.messages).toEqual([]);
    expect(again).toMatchObject({ type: 'ack', data: { id: 2, seq: 2, duplicate: true } });
    await theReaderHasEverything();
  });

  it('silently, both sends and reads work again as soon as the first of them has been given up', async () => {
    const said = oneTo(5).map((n) => send({ content: `said ${n}` }));
    await Promise.all(said);

    proxy.stallAll();
    const [sent, read] = await Promise.all([
      send({ content: 'into the void', client_msg_id: 'x' }),
      ada.get(`/rooms/${room.id}/messages`),
    ]);
    const again = await send({ content: 'into the void', client_msg_id: 'x' });
    const readAgain = await ada.get<HistoryPage>(`/rooms/${room.id}/messages`);

    expect(sent).toMatchObject({ type: 'error', code: 'database_unavailable', outcome: 'unknown' });
    expect(read).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(again).toMatchObject({ type: 'ack', data: { id: 7, seq: 7, duplicate: false } });
    expect(readAgain).toMatchObject({ status: 200, body: { last_seq: 7 } });
    await theReaderHasEverything();
  });
});

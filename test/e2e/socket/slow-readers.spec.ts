import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { ChatSocket } from '../../support/chat-socket';
import { bytesInUse } from '../../support/memory';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { aServerWith } from '../../support/signal-stage';
import { startTestServer, type TestServer } from '../../support/test-server';
import { wholeLog } from '../../support/whole-log';

const MESSAGES = 1000;
/** Small enough not to be a burden of its own where one commit takes a whole burst. */
const BURST = 50;
const READERS = 4;
/** 4000 characters of four bytes each. */
const CONTENT = '😀'.repeat(4000);
const MESSAGE_BYTES = Buffer.byteLength(CONTENT);

describe('a reader that may leave next to nothing unread', () => {
  it('is answered everything that it asks for at once', async () => {
    const server = await aServerWith({ slow_reader_bytes: 1024 });
    const ada = await aPerson(server, 'Ada');
    const socket = await ChatSocket.open(server, ada, { path: '/1' });
    for (let n = 0; n < 10; n++) await socket.say('x'.repeat(700));

    const answers = Array.from({ length: 10 }, () => socket.request({ type: 'fetch_messages', limit: 10 }));

    for (const answer of answers) expect((await answer).type).toBe('messages_history');
    await socket.close();
    await server.stop();
  });
});

describe('readers that stop reading', () => {
  let server: TestServer;
  let ada: Person;
  let writer: ChatSocket;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    writer = await ChatSocket.open(server, ada);
    await writer.say('the first', { room_id: 1 });
  });
  afterAll(async () => {
    await writer.close();
    await server.stop();
  });

  const everyConnection = () => server.app.get(ConnectionRegistry).all();

  it('cost the server no memory for what they miss, and get everything once and in order when they go on', async () => {
    const readers = await Promise.all(
      Array.from({ length: READERS }, async () => {
        const socket = await ChatSocket.open(server, ada, { path: '/1' });
        const replica = new RoomReplica(1);
        await replica.readAnswer(socket);
        return { socket, replica };
      }),
    );
    for (const { socket } of readers) socket.ws.pause();
    const before = await bytesInUse();

    const last = await write(MESSAGES);
    const waiting = everyConnection().map(({ socket }) => socket.bufferedBytes);
    const growth = (await bytesInUse()) - before;

    const { slow_reader_bytes: mark } = server.config.limits;
    const missed = READERS * MESSAGES * MESSAGE_BYTES;
    expect(waiting.filter((bytes) => bytes > mark / 2)).toHaveLength(READERS);
    expect(Math.max(...waiting)).toBeLessThan(2 * mark);
    expect(growth).toBeLessThan(missed / 5);

    for (const { socket } of readers) socket.ws.resume();
    const log = await wholeLog(ada, 1);
    for (const { socket, replica } of readers) {
      await replica.readTo(socket, last);
      replica.mustAgreeWith(log);
      expect([...replica.messages.keys()]).toEqual(log.map(({ id }) => id));
      expect(socket.frames.some(({ type }) => type === 'changes')).toBe(true);
    }

    const live = await write(1);
    for (const { socket, replica } of readers) {
      await expect(
        socket.next(({ type, data }) => type === 'message' && data.seq === live),
      ).resolves.toBeDefined();
      expect(replica.position).toBe(live - 1);
      await socket.close();
    }
  });

  it('get what was edited and deleted meanwhile in its latest state', async () => {
    const socket = await ChatSocket.open(server, ada, { path: '/1' });
    const replica = new RoomReplica(1);
    await replica.readAnswer(socket);
    socket.ws.pause();

    const last = await write(350);
    const log = await wholeLog(ada, 1);
    const [edited, deleted] = log.slice(-2);
    await writer.request({ type: 'edit_message', room_id: 1, message_id: edited!.id, content: 'shorter' });
    await writer.request({ type: 'delete_message', room_id: 1, message_id: deleted!.id });
    socket.ws.resume();
    await replica.readTo(socket, last + 2);

    replica.mustAgreeWith(await wholeLog(ada, 1));
    expect(replica.messages.get(edited!.id)).toMatchObject({ content: 'shorter' });
    expect(replica.messages.get(deleted!.id)).toMatchObject({ content: null });
    await socket.close();
  });

  /** Sends so many long messages and waits until they are stored; gives the last one's `seq`. */
  async function write(count: number): Promise<number> {
    let last = 0;
    for (let sent = 0; sent < count; sent += BURST) {
      const burst = Array.from({ length: Math.min(BURST, count - sent) }, () =>
        writer.say(CONTENT, { room_id: 1 }),
      );
      last = (await Promise.all(burst)).at(-1)!.seq;
    }
    return last;
  }
});

import type { Connection } from '../../../src/realtime/connection';
import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { ChatSocket } from '../../support/chat-socket';
import { jsonFrame } from '../../support/client-frame';
import { eventually } from '../../support/eventually';
import { nextLook, QUIET_MS } from '../../support/next-look';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const STUCK_MS = 30_000;
/** More than what the operating system keeps for a connection. */
const FILL_BYTES = 8_000_000;
const CONTENT = '😀'.repeat(4000);

describe('readers that take nothing', () => {
  let server: TestServer;
  let registry: ConnectionRegistry;
  let time: TimeTravel;
  let ada: Person;
  let writer: ChatSocket;

  beforeAll(async () => {
    server = await startTestServer();
    registry = server.app.get(ConnectionRegistry);
    time = new TimeTravel(server);
    time.hurryLooks();
    ada = await aPerson(server, 'Ada');
    writer = await ChatSocket.open(server, ada);
  });
  afterAll(async () => {
    await writer.close();
    await server.stop();
  });

  /** Sends messages of so many bytes to the room; gives the last one's `seq`. */
  const fill = async (bytes: number): Promise<number> => {
    let last = 0;
    for (let sent = 0; sent < bytes; sent += 40 * CONTENT.length * 2) {
      const burst = Array.from({ length: 40 }, () => writer.say(CONTENT, { room_id: 1 }));
      last = (await Promise.all(burst)).at(-1)!.seq;
    }
    return last;
  };
  const aStuckClient = async (): Promise<{ client: RawClient; here: Connection }> => {
    const client = await RawClient.open(server, '/ws/1', ada.token);
    await client.next('messages_history');
    client.tcp.pause();
    return { client, here: registry.all().at(-1)! };
  };

  it('for 30 s are closed with 1013, or cut if they do not even take that; who takes something stays', async () => {
    const gone = await aStuckClient();
    const back = await aStuckClient();
    const slow = await ChatSocket.open(server, ada, { path: '/1' });
    const replica = new RoomReplica(1);
    await replica.readAnswer(slow);
    slow.ws.pause();
    const slowHere = registry.all().at(-1)!;
    // Seen while nothing waits for them, so that it is known when they are seen next.
    await nextLook(server, ada);
    const last = await fill(FILL_BYTES);
    expect([gone.here, back.here, slowHere].every(({ socket }) => socket.bufferedBytes > 0)).toBe(true);
    time.advance(QUIET_MS);
    await nextLook(server, ada);

    time.advance(STUCK_MS - 1);
    slow.ws.resume();
    await replica.readTo(slow, last);
    await nextLook(server, ada);
    expect([gone.here.isClosed, back.here.isClosed]).toEqual([false, false]);
    time.advance(STUCK_MS);
    await eventually(() => gone.here.isClosed && back.here.isClosed, 'the stuck ones are closed');
    expect(slowHere.isClosed).toBe(false);

    back.client.tcp.resume();
    await expect(back.client.closeCode()).resolves.toBe(1013);
    await eventually(() => !registry.all().includes(gone.here), 'the one who does not come back is cut');
    expect(gone.here.socket.bufferedBytes).toBe(0);
    await slow.close();
    gone.client.destroy();
    back.client.destroy();
  });

  it('while they ask for more and more are not answered without end', async () => {
    await fill(1_000_000);
    const { client, here } = await aStuckClient();
    const request = jsonFrame({ type: 'fetch_messages', limit: 50 });
    const pageBytes = 50 * CONTENT.length * 2;
    client.send(Buffer.concat(Array.from({ length: 5000 }, () => request)));

    await eventually(() => here.isCongested, 'more is asked for than is taken');
    const waiting = here.socket.bufferedBytes;
    time.advance(QUIET_MS);
    await nextLook(server, ada);

    expect(waiting).toBeLessThan(server.config.limits.slow_reader_bytes + 2 * pageBytes);
    expect(here.socket.bufferedBytes).toBe(waiting);
    expect(here.lane.isBackedUp).toBe(true);

    time.advance(STUCK_MS);
    await eventually(() => !registry.all().includes(here), 'it is cut');
    expect(here.lane.length).toBe(0);
    client.destroy();
  });
});

import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

const COUNT = 500;
/** The longest message there is, in characters and in bytes: 16 KB, so that the system's own buffers are soon full. */
const longMessage = (n: number): string => '𝄞'.repeat(3990) + String(n).padStart(10);
const FLUSH = 10;

describe('a reader that is paused for 500 of the longest messages', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());

  it('costs the server no more than its share, holds up nobody, and ends up with everything', async () => {
    const author = await ChatSocket.open(server, ada);
    const slow = await ChatSocket.open(server, bob, { path: '/1' });
    const swift = await ChatSocket.open(server, ada, { path: '/1' });
    const [slowReplica, swiftReplica] = [new RoomReplica(1), new RoomReplica(1)];
    await slowReplica.readAnswer(slow);
    await swiftReplica.readAnswer(swift);

    slow.ws.pause();
    let waitingBytes = 0;
    for (let sent = 0; sent < COUNT; sent += FLUSH) {
      const said = oneTo(FLUSH).map((n) => author.say(longMessage(sent + n), { room_id: 1 }));
      const { seq } = (await Promise.all(said)).at(-1)!;
      await swiftReplica.readTo(swift, seq);
      waitingBytes = Math.max(waitingBytes, ...bytesWaitingFor(bob));
    }
    slow.ws.resume();
    await slowReplica.readTo(slow, COUNT);
    const { seq } = await author.say('after all', { room_id: 1 });
    await slowReplica.readTo(slow, seq);

    const limit = server.config.limits.slow_reader_bytes;
    expect(waitingBytes).toBeGreaterThan(limit);
    expect(waitingBytes).toBeLessThan(limit * 1.5);
    const log = await wholeLog(ada, 1);
    expect([...slowReplica.messages.values()]).toEqual(log);
    expect([...swiftReplica.messages.values()]).toEqual(log.slice(0, COUNT));
    expect(swift.frames.map(({ type }) => type)).not.toContain('changes');
    expect(slow.frames.map(({ type }) => type)).toContain('changes');
    expect(slow.frames.findLast(({ type }) => type !== 'presence')).toMatchObject({
      type: 'message',
      data: { content: 'after all' },
    });
  });

  const bytesWaitingFor = (person: Person): number[] =>
    server.app
      .get(ConnectionRegistry, { strict: false })
      .ofUser(person.id)
      .map(({ socket }) => socket.bufferedBytes);
});

import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { Drain } from '../../../src/realtime/drain';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { jsonFrame, OPCODE } from '../../support/client-frame';
import { eventually } from '../../support/eventually';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo } from '../../support/whole-log';

const SENDERS = 4;
const BURST = 100;
const CONTENT = '😀'.repeat(4000);
const DRAIN_TIMEOUT_MS = 3000;

describe('a node that drains', () => {
  let server: TestServer;
  let people: Person[];

  beforeEach(async () => {
    server = await startTestServer({ drainTimeoutMs: DRAIN_TIMEOUT_MS });
    people = await Promise.all(oneTo(SENDERS).map((n) => aPerson(server, `Person${n}`)));
  });
  afterEach(() => server.stop());

  const drain = () => server.app.get(Drain).start();
  /** What is stored, read past the server: it answers nobody any more. */
  const stored = () =>
    server.dataSource.query<{ name: string; seq: string | number }[]>(
      'SELECT client_msg_id AS name, seq FROM messages WHERE room_id = 1 ORDER BY seq',
    );
  const storedNames = async () => (await stored()).map(({ name }) => name).sort();

  it('commits and acknowledges all that it was sent, says so, and closes with 1012', async () => {
    const senders = await Promise.all(
      people.map(async (person, index) => {
        const isSingle = index % 2 === 0;
        const client = await RawClient.open(server, isSingle ? '/ws/1' : '/ws', person.token);
        const frames = oneTo(BURST).map((n) =>
          jsonFrame({
            type: 'message',
            content: `${n}`,
            client_msg_id: `${index}/${n}`,
            request_id: n,
            ...(!isSingle && { room_id: 1 }),
          }),
        );
        // In one piece: who has answered the first has read them all.
        client.send(Buffer.concat(frames));
        await client.next('ack');
        return client;
      }),
    );

    const drained = drain();
    const heard = await Promise.all(senders.map(framesToTheEnd));
    await drained;

    for (const { frames, code } of heard) {
      const acks = frames.filter(({ type }) => type === 'ack');
      const reconnects = frames.filter(({ type }) => type === 'reconnect');
      expect(acks.map(({ request_id }) => request_id)).toEqual(oneTo(BURST).slice(1));
      expect(reconnects).toEqual([{ type: 'reconnect', data: { after_ms: expect.any(Number) } }]);
      expect(reconnects[0]!.data.after_ms).toBeGreaterThanOrEqual(0);
      expect(reconnects[0]!.data.after_ms).toBeLessThanOrEqual(5000);
      expect(code).toBe(1012);
    }
    const all = people.flatMap((_, index) => oneTo(BURST).map((n) => `${index}/${n}`));
    expect(await storedNames()).toEqual(all.sort());
    expect((await stored()).map(({ seq }) => Number(seq))).toEqual(oneTo(SENDERS * BURST));
  });

  it('stores nothing that it does not acknowledge, from those who go on sending to the end', async () => {
    const sockets = await Promise.all(
      people.map((person) => ChatSocket.open(server, person, { path: '/1' })),
    );
    const acked: string[] = [];
    const talking = sockets.map(async (socket, index) => {
      for (let n = 1; socket.ws.readyState === socket.ws.OPEN; n++) {
        socket.send({ type: 'message', content: 'x', client_msg_id: `${index}/${n}`, request_id: n });
        if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await Promise.all(sockets.map((socket) => socket.next('ack')));

    await drain();
    const closed = await Promise.all(sockets.map((socket) => socket.closed));
    await Promise.all(talking);

    for (const { frames } of sockets) {
      for (const { type, data } of frames) if (type === 'ack') acked.push(data.client_msg_id as string);
    }
    expect(closed.map(({ code }) => code)).toEqual(people.map(() => 1012));
    expect(await storedNames()).toEqual(acked.sort());
  });

  it('lets nobody wait for a client that takes nothing, nor itself beyond its time', async () => {
    const [ada, bob] = people as [Person, Person];
    const writer = await ChatSocket.open(server, ada);
    await Promise.all(oneTo(50).map(() => writer.say(CONTENT, { room_id: 1 })));
    const stuck = await RawClient.open(server, '/ws/1', bob.token);
    const here = server.app.get(ConnectionRegistry).all().at(-1)!;
    stuck.tcp.pause();
    stuck.send(Buffer.concat(oneTo(200).map(() => jsonFrame({ type: 'fetch_messages' }))));
    await eventually(() => here.isCongested, 'somebody is stuck');
    const reader = await ChatSocket.open(server, bob, { path: '/1' });

    const startedAt = performance.now();
    const drained = drain();
    const closed = await Promise.all([writer.closed, reader.closed]);
    const tookMs = performance.now() - startedAt;
    await drained;

    expect(closed.map(({ code }) => code)).toEqual([1012, 1012]);
    expect(tookMs).toBeLessThan(DRAIN_TIMEOUT_MS);
    stuck.destroy();
  });

  it('may be asked to more than once', async () => {
    const socket = await ChatSocket.open(server, people[0]!, { path: '/1' });

    await Promise.all([drain(), drain()]);
    await drain();

    await expect(socket.closed).resolves.toMatchObject({ code: 1012 });
    expect(socket.frames.filter(({ type }) => type === 'reconnect')).toHaveLength(1);
  });
});

/** All text frames up to the close frame, and its code. */
async function framesToTheEnd(client: RawClient): Promise<{ frames: Frame[]; code: number }> {
  const frames: Frame[] = [];
  for (;;) {
    const { opcode, payload } = await client.nextWireFrame();
    if (opcode === OPCODE.close) return { frames, code: payload.readUInt16BE(0) };
    if (opcode === OPCODE.text) frames.push(JSON.parse(payload.toString()) as Frame);
  }
}

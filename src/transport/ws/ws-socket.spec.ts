import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { encodeTextFrames } from '../../realtime/wire-frame';
import { WsSocket } from './ws-socket';

let http: Server;
const clients: WebSocket[] = [];

beforeAll(async () => {
  http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});

afterAll(() => {
  for (const client of clients) client.terminate();
  http.close();
});

/** Both ends of a connection: what the server has in hand, and the client with everything that it was told. */
async function anUpgrade({ perMessageDeflate = false } = {}) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate });
  const accepted = new Promise<{ ws: WebSocket; wire: Duplex }>((resolve) =>
    http.once('upgrade', (request, wire: Duplex, head) =>
      server.handleUpgrade(request, wire, head, (ws) => resolve({ ws, wire })),
    ),
  );
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  clients.push(client);
  const told: string[] = [];
  client.on('message', (data) => told.push((data as Buffer).toString()));
  client.on('ping', (data) => told.push(`ping ${data.toString()}`));
  const closed = once(client, 'close') as Promise<[code: number, reason: Buffer]>;
  return { ...(await accepted), client, told, closed };
}

const frames = (...texts: string[]): Buffer => encodeTextFrames(texts).bytes;

/** Header and code, without a reason. */
const CLOSE_FRAME_BYTES = 4;

/** Tells of each write to the system how much it was. */
function watchWrites(wire: Duplex, tell: (bytes: number) => void): void {
  const { _write, _writev } = wire;
  wire._write = (chunk: Buffer, ...rest) => {
    tell(chunk.length);
    _write.call(wire, chunk, ...rest);
  };
  wire._writev = (chunks, callback) => {
    tell(chunks.reduce((sum, { chunk }) => sum + (chunk as Buffer).length, 0));
    _writev!.call(wire, chunks, callback);
  };
}

describe('WsSocket', () => {
  it('writes whole frames among those of ws, in the order of the writes, the closing one last', async () => {
    const { ws, wire, told, closed } = await anUpgrade();
    const socket = new WsSocket(ws, wire);
    const long = 'ä'.repeat(70_000);

    socket.write(frames('one', 'two'));
    ws.ping('of ws');
    socket.write(frames(long), true);
    ws.send('of ws');
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(frames('three'));
    ws.ping('of ws');
    socket.close(4000, 'enough');
    const [code, reason] = await closed;

    expect(told.filter((text) => !text.endsWith('of ws'))).toEqual(['one', 'two', long, 'three']);
    expect(told.filter((text) => text.endsWith('of ws'))).toEqual(['ping of ws', 'of ws', 'ping of ws']);
    expect([code, reason.toString()]).toEqual([4000, 'enough']);
  });

  it('writes nothing behind the answer to a goodbye that comes in the same turn', async () => {
    const { ws, wire, closed } = await anUpgrade();
    const socket = new WsSocket(ws, wire);
    const sent = wire.writableLength + (wire as TcpSocket).bytesWritten;

    socket.write(frames('gathered'));
    // As `ws` does when the client closes.
    ws.close(1000);
    await closed;

    expect((wire as TcpSocket).bytesWritten - sent).toBe(CLOSE_FRAME_BYTES);
    expect(socket.bufferedBytes).toBe(0);
  });

  it('counts what a turn has brought as not sent yet', async () => {
    const { ws, wire } = await anUpgrade();
    const socket = new WsSocket(ws, wire);

    socket.write(frames('12345678'));
    socket.write(frames('12345678'));

    expect(socket.bufferedBytes).toBe(20);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.bufferedBytes).toBe(0);
  });

  it('tells of a drain also where the system has taken at once all that was too much', async () => {
    const { ws, wire } = await anUpgrade();
    const socket = new WsSocket(ws, wire);
    const drained = new Promise<void>((resolve) => socket.onDrain(resolve));

    socket.write(frames('x'.repeat(wire.writableHighWaterMark)));

    await drained;
    expect(socket.bufferedBytes).toBe(0);
  });

  it('tells how much the peer has taken also of a write that is under way', async () => {
    const { ws, wire, client } = await anUpgrade();
    const socket = new WsSocket(ws, wire);
    await once(client, 'open');
    client.pause();
    const takenAtFirst = socket.takenBytes;

    socket.write(frames('x'.repeat(32 * 1024 * 1024)));
    await delay(200);
    const takenThen = socket.takenBytes;
    await delay(200);
    const takenLater = socket.takenBytes;
    client.resume();
    const seen = new Set<number>();
    while (socket.bufferedBytes > 0) {
      seen.add(socket.takenBytes);
      await delay(1);
    }

    expect(takenThen).toBeGreaterThan(takenAtFirst);
    expect(takenLater).toBe(takenThen);
    expect(seen.size).toBeGreaterThan(2);
    expect(socket.takenBytes).toBeGreaterThan(32 * 1024 * 1024);
  });

  it('encodes as ws does, byte for byte, so that a ws that writes otherwise is noticed', async () => {
    const { ws, wire, closed } = await anUpgrade();
    const written: Buffer[] = [];
    const texts = ['', 'a', 'b'.repeat(125), 'c'.repeat(126), 'ü'.repeat(40_000)];
    const write = wire.write.bind(wire) as (chunk: Buffer) => boolean;
    wire.write = ((chunk: Buffer | string) => {
      written.push(Buffer.from(chunk as Buffer));
      return write(chunk as Buffer);
    }) as typeof wire.write;

    for (const text of texts) ws.send(text);
    const byWs = Buffer.concat(written);
    ws.close();
    await closed;

    expect(byWs.equals(frames(...texts))).toBe(true);
  });

  it('refuses a socket on which ws compresses', async () => {
    const { ws, wire } = await anUpgrade({ perMessageDeflate: true });

    expect(() => new WsSocket(ws, wire)).toThrow('cannot be written past');
  });

  it('refuses a wire that is not the one of ws', async () => {
    const { ws } = await anUpgrade();
    const { wire: another } = await anUpgrade();

    expect(() => new WsSocket(ws, another)).toThrow('cannot be written past');
  });

  it('sends what a turn brings for a socket as one chunk of the system, and those that are answered first', async () => {
    const [one, two] = [await anUpgrade(), await anUpgrade()];
    const [first, second] = [new WsSocket(one.ws, one.wire), new WsSocket(two.ws, two.wire)];
    const left: string[] = [];
    watchWrites(one.wire, (bytes) => left.push(`first: ${bytes} bytes`));
    watchWrites(two.wire, (bytes) => left.push(`second: ${bytes} bytes`));

    first.write(frames('news'));
    second.write(frames('news'));
    second.write(frames('your answer'), true);
    await new Promise((resolve) => setImmediate(resolve));

    expect(left).toEqual(['second: 19 bytes', 'first: 6 bytes']);
  });

  it('writes nothing once the socket closes', async () => {
    const { ws, wire, told, closed } = await anUpgrade();
    const socket = new WsSocket(ws, wire);

    socket.close(4000, 'enough');
    socket.write(frames('too late'));
    await closed;

    expect(told).toEqual([]);
  });
});

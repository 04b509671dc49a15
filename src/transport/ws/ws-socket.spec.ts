import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
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

describe('WsSocket', () => {
  it('writes frames that a client reads between those of ws, in the order of the writes, the closing one last', async () => {
    const { ws, wire, told, closed } = await anUpgrade();
    const socket = new WsSocket(ws, wire);
    const long = 'ä'.repeat(70_000);

    socket.write(frames('one', 'two'));
    ws.ping('between');
    socket.write(frames(long), true);
    ws.send('by ws');
    socket.write(frames('three'));
    socket.close(4000, 'enough');
    const [code, reason] = await closed;

    expect(told).toEqual(['one', 'two', 'ping between', long, 'by ws', 'three']);
    expect([code, reason.toString()]).toEqual([4000, 'enough']);
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
    for (const [name, { wire }] of [
      ['first', one],
      ['second', two],
    ] as const) {
      const uncork = wire.uncork.bind(wire);
      wire.uncork = () => {
        left.push(`${name}: ${wire.writableLength} bytes`);
        uncork();
      };
    }

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

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Problem } from '../../src/transport/http/problem';
import { OPCODE, readServerFrame, type WireFrame } from './client-frame';
import type { Frame } from './chat-socket';
import type { TestServer } from './test-server';

/** An HTTP answer as it came. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Header lines of a handshake by name; null leaves one of the usual out. */
export type HandshakeHeaders = Record<string, string | null>;

const PATIENCE_MS = 10_000;

/** The bytes of a handshake; `path` stands below `/api/v1`. */
export function handshake(path: string, headers: HandshakeHeaders = {}, method = 'GET'): string {
  const all: HandshakeHeaders = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [`${method} /api/v1${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** A TCP connection on which a test writes what it likes: no library answers pings or keeps the rules. */
export class RawClient {
  /** Resolves when the server has ended the connection, or reset it. */
  readonly ended: Promise<void>;
  private received: Buffer = Buffer.alloc(0);
  private isEnded = false;
  private wake: () => void = () => undefined;

  private constructor(readonly tcp: Socket) {
    tcp.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
    tcp.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.isEnded = true;
        this.wake();
        resolve();
      };
      tcp.on('end', end);
      tcp.on('close', end);
    });
  }

  static async connect(server: TestServer): Promise<RawClient> {
    const tcp = connect(Number(new URL(server.url).port), '127.0.0.1');
    const client = new RawClient(tcp);
    await once(tcp, 'connect');
    tcp.setNoDelay();
    return client;
  }

  /** A client whose handshake has been accepted. */
  static async open(server: TestServer, path: string, token: string): Promise<RawClient> {
    const client = await RawClient.connect(server);
    client.send(handshake(path, { Authorization: `Bearer ${token}` }));
    const { status, body } = await client.answer();
    if (status !== 101) throw new Error(`refused with ${status}: ${body}`);
    return client;
  }

  send(bytes: string | Buffer): void {
    this.tcp.write(bytes);
  }

  /** The next HTTP answer; its body is whole. */
  async answer(): Promise<RawAnswer> {
    const end = await this.until(() => {
      const index = this.received.indexOf('\r\n\r\n');
      return index < 0 ? null : index;
    });
    const [first, ...lines] = this.received.subarray(0, end).toString().split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
    await this.until(() => (this.received.length >= bodyEnd ? true : null));
    const body = this.received.subarray(end + 4, bodyEnd).toString();
    this.received = this.received.subarray(bodyEnd);
    return { status: Number(first!.split(' ')[1]), headers, body };
  }

  /** The next HTTP answer, which refuses, and after which the connection ends. */
  async refusal(): Promise<RawAnswer & { problem: Problem }> {
    const answer = await this.answer();
    await this.within(this.ended);
    return { ...answer, problem: JSON.parse(answer.body) as Problem };
  }

  /** The next frame of the wire, control frames included. */
  async nextWireFrame(): Promise<WireFrame> {
    const { frame, rest } = await this.until(() => readServerFrame(this.received));
    this.received = rest;
    return frame;
  }

  /** The next text frame of the wanted type; those before it are skipped. */
  async next(wanted: string | ((frame: Frame) => boolean)): Promise<Frame> {
    const matches = typeof wanted === 'string' ? (frame: Frame) => frame.type === wanted : wanted;
    for (;;) {
      const { opcode, payload } = await this.nextWireFrame();
      if (opcode !== OPCODE.text) continue;
      const frame = JSON.parse(payload.toString()) as Frame;
      if (matches(frame)) return frame;
    }
  }

  /** The code of the close frame that ends the connection; 1006 if it ends without one. */
  async closeCode(): Promise<number> {
    for (;;) {
      const found = await this.until(() => readServerFrame(this.received) ?? (this.isEnded ? 'end' : null));
      if (found === 'end') return 1006;
      this.received = found.rest;
      if (found.frame.opcode === OPCODE.close) return found.frame.payload.readUInt16BE(0);
    }
  }

  destroy(): void {
    this.tcp.destroy();
  }

  /** Ends the connection with a reset instead of an orderly end. */
  reset(): void {
    this.tcp.resetAndDestroy();
  }

  /** What `look` finds in the bytes received so far, as soon as it finds something. */
  private async until<T>(look: () => T | null): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== null) return found;
      if (this.isEnded) throw new Error(`The connection ended after ${this.received.length} unread bytes.`);
      await this.within(new Promise<void>((resolve) => (this.wake = resolve)));
    }
  }

  private async within<T>(wait: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Nothing came in time.')), PATIENCE_MS);
    });
    return Promise.race([wait, timeout]).finally(() => clearTimeout(timer));
  }
}

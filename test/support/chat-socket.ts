import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Problem } from '../../src/transport/http/problem';
import type { Message } from '../../src/protocol/models';
import type { Person } from './person';
import type { TestServer } from './test-server';

/** A frame as the server sent it; tests look into `data` freely. */
export interface Frame {
  type: string;
  request_id?: string | number;
  code?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Tests name the field that they expect; a wrong guess fails.
  data: any;
}

export interface Closed {
  code: number;
  reason: string;
}

export interface OpenOptions {
  /** `/1`, `/1?after_seq=5`, or empty for the many-room socket. */
  path?: string;
  headers?: Record<string, string | string[]>;
  protocols?: string[];
  /** Null: none. By default the person's, as a header. */
  token?: string | null;
  ws?: ClientOptions;
}

const PATIENCE_MS = 10_000;

/** A client that keeps everything from the first byte on, so `next` never misses a frame. */
export class ChatSocket {
  /** Everything received, in order. */
  readonly frames: Frame[] = [];
  readonly closed: Promise<Closed>;
  private readonly unread: Frame[] = [];
  private waiters: { matches: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = [];
  private requests = 0;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data) => this.take(JSON.parse((data as Buffer).toString()) as Frame));
    this.closed = new Promise((resolve) =>
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** Resolves once the socket is open. Rejects with a `Refusal` if the server answers with HTTP. */
  static open(server: TestServer, person: Person | null, options: OpenOptions = {}): Promise<ChatSocket> {
    const token = options.token === undefined ? person?.token : options.token;
    const ws = new WebSocket(`${server.wsUrl}/api/v1/ws${options.path ?? ''}`, options.protocols ?? [], {
      perMessageDeflate: false,
      ...options.ws,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...options.headers },
    });
    const socket = new ChatSocket(ws);
    return new Promise((resolve, reject) => {
      ws.on('open', () => resolve(socket));
      ws.on('error', reject);
      ws.on('unexpected-response', (_, response) => void Refusal.read(response).then(reject));
    });
  }

  send(frame: object): void {
    this.ws.send(JSON.stringify(frame));
  }

  sendRaw(data: string | Buffer): void {
    this.ws.send(data);
  }

  /** The oldest frame not asked for yet that is of the type (or fits the condition). */
  next(wanted: string | ((frame: Frame) => boolean)): Promise<Frame> {
    const matches = typeof wanted === 'string' ? (frame: Frame) => frame.type === wanted : wanted;
    const index = this.unread.findIndex(matches);
    if (index >= 0) return Promise.resolve(this.unread.splice(index, 1)[0]!);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(`No ${String(wanted)} came; there is ${JSON.stringify(this.unread).slice(0, 500)}`),
          ),
        PATIENCE_MS,
      );
      this.waiters.push({
        matches,
        resolve: (frame) => {
          clearTimeout(timer);
          resolve(frame);
        },
      });
    });
  }

  /** Sends a frame and gives its direct answer, be it an error. */
  request(frame: object): Promise<Frame> {
    const requestId = `r${++this.requests}`;
    this.send({ request_id: requestId, ...frame });
    return this.next((answer) => answer.request_id === requestId);
  }

  /** Sends a message; gives the acknowledgement's data. */
  async say(content: string, more: object = {}): Promise<{ id: number; seq: number; duplicate: boolean }> {
    const answer = await this.request({ type: 'message', content, ...more });
    if (answer.type !== 'ack') throw new Error(`not acknowledged: ${JSON.stringify(answer)}`);
    return answer.data as { id: number; seq: number; duplicate: boolean };
  }

  /** The live messages received so far and up to the one with `lastSeq`. */
  async messagesUpTo(lastSeq: number): Promise<Message[]> {
    const live = () =>
      this.frames.filter(({ type }) => type === 'message').map(({ data }) => data as Message);
    while (!live().some(({ seq }) => seq >= lastSeq)) {
      await this.next((frame) => frame.type === 'message');
    }
    return live();
  }

  async close(): Promise<Closed> {
    this.ws.close();
    return this.closed;
  }

  private take(frame: Frame): void {
    this.frames.push(frame);
    const waiter = this.waiters.find(({ matches }) => matches(frame));
    if (!waiter) {
      this.unread.push(frame);
      return;
    }
    this.waiters = this.waiters.filter((other) => other !== waiter);
    waiter.resolve(frame);
  }
}

/** The server's HTTP answer to a handshake. */
export class Refusal extends Error {
  private constructor(
    readonly status: number,
    readonly headers: IncomingMessage['headers'],
    readonly problem: Problem,
  ) {
    super(`refused with ${status}`);
  }

  static async read(response: IncomingMessage): Promise<Refusal> {
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return new Refusal(response.statusCode ?? 0, response.headers, JSON.parse(text) as Problem);
  }
}

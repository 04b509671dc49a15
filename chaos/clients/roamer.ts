import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { ServerFrame } from '../../src/protocol/frames';
import type { SeededRandom } from '../../test/support/seeded';

/** A node as its clients know it. */
export interface Address {
  /** `http://host:port` of now; null while nothing runs there. */
  readonly url: string | null;
}

export interface Identity {
  userId: number;
  username: string;
  token: string;
}

export interface RoamerOptions {
  nodes: readonly Address[];
  /** Which of them comes first. */
  home: number;
  identity: Identity;
  random: SeededRandom;
  /** Whether it comes back when it is told to, and where, and not before; otherwise as soon as it can, anywhere. */
  isPatient?: boolean;
}

/** What came of a dial: a socket, which has ended since, or nothing, or leave to come again later. */
type Ending = 'opened' | 'failed' | 'invited again';

const DIAL_TIMEOUT_MS = 3000;
/** A crowd that dials at once is slow to dial. */
const PATIENT_DIAL_TIMEOUT_MS = 20_000;
const PAUSE_MS = { first: 10, longest: 300 };

/**
 * A client that is to be connected, whatever happens: when its socket ends it dials again, another node first, with
 * a pause that grows and is never the same.
 */
export abstract class Roamer {
  /** Sockets that have opened so far. */
  openings = 0;
  protected socket: WebSocket | null = null;
  private isRoaming = false;
  private loop: Promise<void> = Promise.resolve();
  /** Which node it dials, counted from the first. */
  private turn = 0;
  /** Until when it stays away, by `performance.now()`. */
  private awayUntil = 0;

  constructor(
    readonly name: string,
    protected readonly options: RoamerOptions,
  ) {}

  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.isRoaming = true;
    this.loop = this.roam();
  }

  /** Resolves when the socket has gone. */
  async stop(): Promise<void> {
    this.isRoaming = false;
    this.socket?.terminate();
    await this.loop;
  }

  /** Breaks the TCP connection without a word, and stays away. */
  cut(awayMs = 0): void {
    this.awayUntil = performance.now() + awayMs;
    this.socket?.terminate();
  }

  /** Below `/api/v1/ws`, asked for at each dial. */
  protected abstract path(): string;
  protected abstract take(frame: ServerFrame, nodeUrl: string): void;
  protected dialled(): void {}
  protected opened(): void {}
  protected closed(): void {}

  protected send(frame: object): void {
    this.socket?.send(JSON.stringify(frame));
  }

  private async roam(): Promise<void> {
    let pauseMs = PAUSE_MS.first;
    while (this.isRoaming) {
      const { nodes, home, random } = this.options;
      const url = nodes[(home + this.turn) % nodes.length]!.url;
      const end = url === null ? 'failed' : await this.visit(url);
      if (!this.isRoaming) return;
      const hasOpened = end === 'opened';
      if (end !== 'invited again') this.turn += 1;
      pauseMs = hasOpened ? PAUSE_MS.first : Math.min(2 * pauseMs, PAUSE_MS.longest);
      await delay(Math.max(this.awayUntil - performance.now(), pauseMs * (0.5 + random.next())));
    }
  }

  private stayAway(ms: number): void {
    if (this.options.isPatient) this.awayUntil = performance.now() + ms;
  }

  /** One socket from its dial to its end. */
  private visit(url: string): Promise<Ending> {
    this.dialled();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws${this.path()}`, {
      perMessageDeflate: false,
      handshakeTimeout: this.options.isPatient ? PATIENT_DIAL_TIMEOUT_MS : DIAL_TIMEOUT_MS,
      headers: { authorization: `Bearer ${this.options.identity.token}` },
    });
    this.socket = socket;
    let end: Ending = 'failed';
    socket.on('open', () => {
      end = 'opened';
      this.openings += 1;
      this.opened();
    });
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as ServerFrame;
      if (frame.type === 'reconnect') this.stayAway(frame.data.after_ms);
      this.take(frame, url);
    });
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_, { headers }) => {
      this.stayAway(Number(headers['retry-after'] ?? 0) * 1000);
      if (this.options.isPatient && headers['retry-after']) end = 'invited again';
      socket.terminate();
    });
    return new Promise((resolve) => {
      socket.on('close', () => {
        this.closed();
        resolve(end);
      });
    });
  }
}

import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSpec, Protocol } from '../protocols/protocol';
import { pongFrame, textFrame } from './client-frames';
import { DeliveryCheck } from './delivery-check';
import { FrameParser, OPCODE, READ_BUFFER } from './frame-parser';
import {
  isStampAt,
  numberAt,
  readStamp,
  roomAt,
  senderAt,
  STAMP_BYTES,
  STAMP_MARK,
  stampedText,
} from './stamp';

/** What a fleet wants to know of its clients. `bytes` is valid during the call only. */
export interface ClientListener {
  /** A stamp came in a message. */
  delivered(client: Client, bytes: Buffer, stampAt: number): void;
  /** Everything that one reading of the network brought has been delivered. */
  readingDone(client: Client): void;
  /** The server refused a message. */
  refused(client: Client, id: string | null): void;
}

/** A receiver that checks texts parses one frame of so many. */
const FULL_PARSE_EVERY = 16;
/** A handshake that takes longer has failed. */
const OPEN_TIMEOUT_MS = 60_000;

/** A chat client on a bare TCP connection: it does what the protocol asks of a client, for little. */
export class Client {
  readonly check: DeliveryCheck;
  acks = 0;
  garbled = 0;
  /** Whether frames are parsed whole now and then, and their texts compared with what was sent. */
  parsesTexts = false;
  /** Own messages on their way. */
  inFlight = 0;
  /** The number of the last own message. */
  lastSent = 0;
  /** When the client was in its room, by the clock of `performance`. */
  readyAt = 0;
  /** When it had everything that it had missed. */
  caughtUpAt = 0;
  /** How often the server asked it to come again later. */
  retries = 0;
  /** Why the server, or the network, ended the socket; null while it is open. */
  endedBy: string | null = null;
  private readonly parser: FrameParser;
  private tcp: Socket | null = null;
  private isUpgraded = false;
  private head = '';
  private stampOffset = 0;
  private frames = 0;
  private settleDial: (result: Error | number | null) => void = () => undefined;

  constructor(
    readonly spec: ClientSpec,
    senders: number,
    readonly protocol: Protocol,
    private readonly listener: ClientListener,
  ) {
    this.check = new DeliveryCheck(spec.room, senders);
    this.parser = new FrameParser((opcode, bytes, start, end) => this.take(opcode, bytes, start, end));
  }

  /** Whether the message whose stamp begins at `stampAt` is the client's own. */
  isOwn(bytes: Buffer, stampAt: number): boolean {
    return this.spec.sender !== null && senderAt(bytes, stampAt) === this.spec.sender;
  }

  /** Resolves once the client is in its room. Told to come again later, it does. */
  async open(port: number): Promise<void> {
    for (;;) {
      const laterMs = await this.dial(this.spec.port ?? port);
      if (laterMs === null) return;
      this.retries += 1;
      await delay(laterMs);
    }
  }

  /** Sends messages in one write. */
  send(messages: readonly { text: string; id: string }[]): void {
    const frames = messages.map(({ text, id }) => textFrame(this.protocol.message(text, id)));
    this.tcp?.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** Cuts the connection, as a network does. */
  close(): void {
    const { tcp } = this;
    this.tcp = null;
    tcp?.destroy();
  }

  /** Resolves with null once the client is in its room, or with the milliseconds after which it is to come again. */
  private dial(port: number): Promise<number | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end('The server did not answer.'), OPEN_TIMEOUT_MS);
      this.settleDial = (result) => {
        clearTimeout(timer);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const tcp = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: { buffer: READ_BUFFER, callback: (length) => this.read(length) },
      });
      tcp.on('connect', () => tcp.write(this.handshake(port)));
      tcp.on('error', (error) => this.end(error.message));
      tcp.on('close', () => this.tcp === tcp && this.end('closed'));
      this.tcp = tcp;
    });
  }

  private handshake(port: number): string {
    const { path, headers } = this.protocol.handshake(this.spec);
    const lines = Object.entries({
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`);
    return [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  }

  private read(length: number): boolean {
    if (this.isUpgraded) this.parser.read(length);
    else this.readHandshake(length);
    this.listener.readingDone(this);
    return true;
  }

  private readHandshake(length: number): void {
    this.head += READ_BUFFER.toString('latin1', 0, length);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!this.head.startsWith('HTTP/1.1 101')) return this.takeRefusal();
    this.isUpgraded = true;
    const rest = Buffer.from(this.head.slice(end + 4), 'latin1');
    this.head = '';
    for (const text of this.protocol.greeting) this.tcp?.write(textFrame(text));
    this.parser.take(rest);
  }

  private takeRefusal(): void {
    const { head } = this;
    this.head = '';
    const retryAfterSeconds = /^HTTP\/1.1 503.*^retry-after: (\d+)/ims.exec(head)?.[1];
    if (retryAfterSeconds === undefined) return this.end(`refused: ${head.slice(0, 300)}`);
    this.close();
    this.settleDial(Number(retryAfterSeconds) * 1000);
  }

  private end(why: string): void {
    this.endedBy ??= why;
    this.settleDial(new Error(why));
    this.tcp?.destroy();
  }

  private take(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.text) {
      this.takeText(bytes, start, end);
    } else if (opcode === OPCODE.ping) {
      this.tcp?.write(pongFrame(Buffer.from(bytes.subarray(start, end))));
    } else if (opcode === OPCODE.close) {
      const code = end - start >= 2 ? bytes.readUInt16BE(start) : 1005;
      this.end(`closed with ${code} ${bytes.toString('utf8', start + 2, end)}`);
    }
  }

  private takeText(bytes: Buffer, start: number, end: number): void {
    switch (this.protocol.read(bytes, start, end)) {
      case 'live':
        this.takeLive(bytes, start, end);
        break;
      case 'missed':
        this.takePage(bytes, end);
        this.takeMissed(bytes, start, end);
        break;
      case 'ready':
        this.takePage(bytes, end);
        this.beReady();
        break;
      case 'ack':
        this.acks += 1;
        break;
      case 'refusal':
        this.listener.refused(this, this.protocol.refusedId(bytes.toString('utf8', start, end)));
        break;
      case 'ping':
        this.tcp?.write(textFrame(this.protocol.pong!));
        break;
      case 'other':
    }
  }

  private beReady(): void {
    if (this.readyAt === 0) this.readyAt = performance.now();
    this.settleDial(null);
  }

  private takePage(bytes: Buffer, end: number): void {
    const lastSeq = this.protocol.lastSeq(bytes, end);
    if (lastSeq !== null) this.check.jump(lastSeq);
  }

  private takeLive(bytes: Buffer, start: number, end: number): void {
    const seq = this.protocol.seq(bytes, start);
    if (seq !== null) this.check.step(seq);
    // Mostly it stands where it stood in the last frame.
    let at = start + this.stampOffset;
    if (at >= end || bytes[at] !== STAMP_MARK) at = bytes.indexOf(STAMP_MARK, start);
    if (at < 0 || !this.takeStamp(bytes, at, end)) return;
    this.stampOffset = at - start;
    this.frames += 1;
    if (this.parsesTexts && this.frames % FULL_PARSE_EVERY === 0)
      this.compareTexts(bytes.toString('utf8', start, end));
  }

  private takeMissed(bytes: Buffer, start: number, end: number): void {
    let at = bytes.indexOf(STAMP_MARK, start);
    while (at >= 0 && this.takeStamp(bytes, at, end)) at = bytes.indexOf(STAMP_MARK, at + STAMP_BYTES);
    if (this.parsesTexts) this.compareTexts(bytes.toString('utf8', start, end));
    if (this.caughtUpAt > 0 || !this.protocol.isLastMissed(bytes, start, end)) return;
    this.caughtUpAt = performance.now();
    this.beReady();
  }

  private takeStamp(bytes: Buffer, at: number, end: number): boolean {
    if (at + STAMP_BYTES > end || !isStampAt(bytes, at)) return false;
    this.check.take(roomAt(bytes, at), senderAt(bytes, at), numberAt(bytes, at));
    this.listener.delivered(this, bytes, at);
    return true;
  }

  private compareTexts(frame: string): void {
    for (const text of this.protocol.texts(frame)) {
      const stamp = readStamp(text);
      if (!stamp || stampedText(stamp) !== text) this.garbled += 1;
    }
  }
}

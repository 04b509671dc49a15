import type { Duplex } from 'node:stream';
import type { Socket as TcpSocket } from 'node:net';
import { WebSocket } from 'ws';
import { Socket } from '../../realtime/socket';
import { type Gathering, WriteTurn } from './write-turn';

const turn = new WriteTurn();

/** A ping without data, as a server writes it (RFC 6455, section 5.5.2): not masked. */
const PING = Buffer.from([0x89, 0]);

/**
 * A `ws` socket. Text frames and pings come encoded and go to the TCP socket past `ws`, which would encode them again
 * for each client: sound as long as `ws` itself writes whole frames at once, which it does without compression, and
 * writes them to that TCP socket. Pongs and the closing handshake stay with `ws`. Nothing else relies on its inner parts.
 */
export class WsSocket extends Socket implements Gathering {
  private readonly wire: TcpSocket;
  private isCorked = false;
  private isAnswered = false;

  constructor(
    private readonly ws: WebSocket,
    wire: Duplex,
  ) {
    super();
    if (!canWritePast(ws, wire)) throw new Error('This version of ws cannot be written past');
    // What an HTTP server hands over with an upgrade is its TCP socket.
    this.wire = wire as TcpSocket;
  }

  get bufferedBytes(): number {
    return this.wire.writableLength;
  }

  get takenBytes(): number {
    return this.wire.bytesWritten - this.wire.writableLength;
  }

  get receivedBytes(): number {
    return this.wire.bytesRead;
  }

  write(frames: Buffer, isAnswer = false): void {
    if (this.ws.readyState !== WebSocket.OPEN || !this.wire.writable) return;
    if (!this.isCorked) this.wire.cork();
    if (!this.isCorked || (isAnswer && !this.isAnswered)) turn.add(this, isAnswer);
    this.isCorked = true;
    this.isAnswered ||= isAnswer;
    this.wire.write(frames);
  }

  release(): void {
    if (!this.isCorked) return;
    this.isCorked = false;
    this.isAnswered = false;
    this.wire.uncork();
  }

  ping(): void {
    this.write(PING);
  }

  close(code: number, reason: string): void {
    // The peer's answer has to be read for the handshake to end before its time-out.
    this.resumeReading();
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }

  /** Resolves when the socket has ended. */
  closed(): Promise<void> {
    return new Promise((resolve) =>
      this.ws.readyState === WebSocket.CLOSED ? resolve() : this.ws.once('close', () => resolve()),
    );
  }

  onDrain(listener: () => void): void {
    this.wire.on('drain', listener);
  }

  pauseReading(): void {
    this.ws.pause();
  }

  resumeReading(): void {
    this.ws.resume();
  }
}

/** Whether frames of ours may go out between those of `ws`: it changes none of them, and has no other way to the peer. */
function canWritePast(ws: WebSocket, wire: Duplex): boolean {
  return ws.extensions === '' && (ws as unknown as { _socket?: unknown })._socket === wire;
}

import type { Duplex } from 'node:stream';
import type { Socket as TcpSocket } from 'node:net';
import { WebSocket } from 'ws';
import { Socket } from '../../realtime/socket';
import { type Gathering, WriteTurn } from './write-turn';

const turn = new WriteTurn();

/** What Node counts of a TCP socket, and looks at for its own time-outs; without it, a write counts when all of it is taken. */
interface NodeCounters {
  /** Bytes handed over to the operating system, or waiting for it. */
  _bytesDispatched?: number;
  _handle?: { writeQueueSize?: number } | null;
}

/** Has what is written to a wire in this turn leave in one piece, the answers of its socket included. */
export function holdForTurn(wire: Duplex): void {
  wire.cork();
  turn.add({ release: () => wire.uncork() }, false);
}

/** A ping without data, as a server writes it (RFC 6455, section 5.5.2): not masked. */
const PING = Buffer.from([0x89, 0]);

/**
 * A `ws` socket. Text frames and pings come encoded and go to the TCP socket past `ws`, which would encode them again
 * for each client: sound as long as `ws` itself writes whole frames at once, which it does without compression, and
 * writes them to that TCP socket. Pongs and the closing handshake stay with `ws`. Nothing else relies on its inner parts.
 */
export class WsSocket extends Socket implements Gathering {
  private readonly wire: TcpSocket;
  /** What this turn has brought: mostly one write, and a list only where there are more. */
  private gathered: Buffer | Buffer[] | null = null;
  private gatheredBytes = 0;
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
    return this.wire.writableLength + this.gatheredBytes;
  }

  get takenBytes(): number {
    const { _bytesDispatched: handedOver, _handle } = this.wire as unknown as NodeCounters;
    const queued = _handle?.writeQueueSize;
    if (handedOver !== undefined && queued !== undefined) return handedOver - queued;
    return this.wire.bytesWritten - this.wire.writableLength;
  }

  get receivedBytes(): number {
    return this.wire.bytesRead;
  }

  write(frames: Buffer, isAnswer = false): void {
    if (this.ws.readyState !== WebSocket.OPEN) return;
    if (this.gathered === null || (isAnswer && !this.isAnswered)) turn.add(this, isAnswer);
    this.isAnswered ||= isAnswer;
    this.gatheredBytes += frames.length;
    if (this.gathered === null) this.gathered = frames;
    else if (Array.isArray(this.gathered)) this.gathered.push(frames);
    else this.gathered = [this.gathered, frames];
  }

  release(): void {
    const { gathered, wire } = this;
    if (gathered === null) return;
    this.gathered = null;
    this.gatheredBytes = 0;
    this.isAnswered = false;
    // A peer that has said goodbye meanwhile has the answer to that, behind which nothing may come.
    if (this.ws.readyState !== WebSocket.OPEN || !wire.writable) return;
    // Below the high-water mark it cannot congest the socket, so nobody waits for its drain.
    if (!Array.isArray(gathered) && gathered.length < wire.writableHighWaterMark) {
      wire.write(gathered);
      return;
    }
    // What is corked counts as waiting, so that Node tells of its drain even if the system takes all of it at once.
    wire.cork();
    for (const frames of [gathered].flat()) wire.write(frames);
    wire.uncork();
  }

  ping(): void {
    this.write(PING);
  }

  close(code: number, reason: string): void {
    // The peer's answer has to be read for the handshake to end before its time-out.
    this.resumeReading();
    this.release();
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

import type { Duplex } from 'node:stream';
import type { Socket as TcpSocket } from 'node:net';
import { WebSocket } from 'ws';
import { Socket } from '../../realtime/socket';

/**
 * A `ws` socket. Text frames come encoded and go to the TCP socket past `ws`, which would encode them again for each
 * client: sound as long as `ws` itself writes whole frames at once, which it does without compression. Pings, pongs
 * and the closing handshake stay with `ws`.
 */
export class WsSocket extends Socket {
  private readonly wire: TcpSocket;
  private isCorked = false;

  constructor(
    private readonly ws: WebSocket,
    wire: Duplex,
  ) {
    super();
    // What an HTTP server hands over with an upgrade is its TCP socket.
    this.wire = wire as TcpSocket;
  }

  get bufferedBytes(): number {
    return this.wire.writableLength;
  }

  get takenBytes(): number {
    return this.wire.bytesWritten - this.wire.writableLength;
  }

  write(frames: Buffer): void {
    if (this.ws.readyState !== WebSocket.OPEN || !this.wire.writable) return;
    if (!this.isCorked) {
      this.isCorked = true;
      this.wire.cork();
      // Behind the promises of this turn: what they write leaves in the same system call.
      process.nextTick(() => {
        this.isCorked = false;
        this.wire.uncork();
      });
    }
    this.wire.write(frames);
  }

  ping(): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.ping();
  }

  close(code: number, reason: string): void {
    // The peer's answer has to be read for the handshake to end before its time-out.
    this.resumeReading();
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
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

import type { ServerFrame } from '../../src/protocol/frames';
import { Socket } from '../../src/realtime/socket';
import { decodeTextFrames } from './text-frames';

/** More than any test is told. Whoever repeats something for ever is stopped, or the test would end with the memory. */
const FRAMES_MAX = 50_000;

/** A wire that keeps what is written to it, and whose peer takes it at once, or as a test says. */
export class FakeSocket extends Socket {
  /** Every write, byte for byte. */
  readonly writes: Buffer[] = [];
  /** What the writes say, in order, whether the peer has taken them or not. */
  readonly frames: ServerFrame[] = [];
  closed: { code: number; reason: string } | null = null;
  isTerminated = false;
  isReading = true;
  pings = 0;
  bufferedBytes = 0;
  takenBytes = 0;
  receivedBytes = 0;
  private isTaking = true;
  private readonly drainListeners: (() => void)[] = [];

  /** The frames of one type, in order. */
  framesOf<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  }

  write(frames: Buffer): void {
    if (this.closed || this.isTerminated) return;
    if (this.frames.length >= FRAMES_MAX) throw new Error('Somebody writes for ever');
    this.writes.push(frames);
    for (const text of decodeTextFrames(frames)) this.frames.push(JSON.parse(text) as ServerFrame);
    if (this.isTaking) this.takenBytes += frames.length;
    else this.bufferedBytes += frames.length;
  }

  /** The peer reads no more: what is written from now on waits. */
  stopTaking(): void {
    this.isTaking = false;
  }

  /** The peer takes `bytes` of what waits. */
  take(bytes: number): void {
    const taken = Math.min(bytes, this.bufferedBytes);
    this.bufferedBytes -= taken;
    this.takenBytes += taken;
    if (taken > 0 && this.bufferedBytes === 0) for (const listener of this.drainListeners) listener();
  }

  /** The peer takes what waits and, from now on, everything at once. */
  startTaking(): void {
    this.isTaking = true;
    this.take(this.bufferedBytes);
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  terminate(): void {
    this.isTerminated = true;
  }

  onDrain(listener: () => void): void {
    this.drainListeners.push(listener);
  }

  pauseReading(): void {
    this.isReading = false;
  }

  resumeReading(): void {
    this.isReading = true;
  }
}

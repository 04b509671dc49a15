import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** A line waits so long for others, and for the write before it. */
const GATHER_MS = 50;
/** Characters that may wait for a reader that stands still; what comes then is dropped, and counted. */
const WAITING_MAX = 8 * 1024 * 1024;
/** At the end of the process, a pipe that is full is tried so often, this long apart. */
const LAST_TRIES = 20;
const LAST_PAUSE_MS = 10;

const NEWLINE = 10;

let shared: GatheredOutput | null = null;

/** Standard output, for all loggers of the process. */
export function standardOutput(): DestinationStream {
  return (shared ??= new GatheredOutput(1));
}

/**
 * Lines for a file or a pipe. Those of a moment leave in one write, which a busy node has less work with than with one
 * for each request. Neither a reader that stands still nor one that is gone holds the process up, not even at its end;
 * pino's own destination tries for ever then. Who kills the process loses the last moment.
 */
export class GatheredOutput implements DestinationStream {
  private waiting = '';
  private dropped = 0;
  private isDue = false;
  private isWriting = false;

  constructor(private readonly fd: number) {
    process.once('exit', () => this.writeRest());
  }

  write(line: string): void {
    if (this.waiting.length + line.length > WAITING_MAX) {
      this.dropped++;
      return;
    }
    this.waiting += line;
    if (this.isDue || this.isWriting) return;
    this.isDue = true;
    setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  private flush(): void {
    this.isDue = false;
    if (this.waiting === '') return;
    if (this.dropped > 0) {
      this.waiting += `${JSON.stringify({ level: 'warn', msg: 'lines were dropped', lines: this.dropped })}\n`;
      this.dropped = 0;
    }
    this.put(this.taken());
  }

  private put(bytes: Buffer): void {
    this.isWriting = true;
    write(this.fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.put(bytes), GATHER_MS).unref();
      } else if (!error && written < bytes.length) {
        this.put(bytes.subarray(written));
      } else {
        this.isWriting = false;
        // The disk is full, or nobody reads any more: what comes next may be written.
        if (error) this.dropped += bytes.filter((byte) => byte === NEWLINE).length;
        else this.flush();
      }
    });
  }

  /** Behind a write that is under way nothing is written: it may never end. */
  private writeRest(): void {
    if (this.isWriting) return;
    let bytes = this.taken();
    for (let left = LAST_TRIES; bytes.length > 0 && left > 0; left--) {
      try {
        bytes = bytes.subarray(writeSync(this.fd, bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS);
      }
    }
  }

  private taken(): Buffer {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    return bytes;
  }
}

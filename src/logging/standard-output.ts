import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** A line waits so long for others, and for the write before it. */
const GATHER_MS = 50;
/** Characters that may wait for a reader that stands still; what comes then is dropped, and counted. */
const WAITING_MAX = 8 * 1024 * 1024;
/** At the end of the process, a pipe that is full is tried so often, this long apart. */
const LAST_TRIES = 20;
const LAST_PAUSE_MS = 10;

/** A write that is under way for less has mostly ended by now, unheard. */
const SOON_ENDED_MS = 200;

const NEWLINE = 10;
const { O_WRONLY, O_NONBLOCK } = constants;

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
  /** Since when a write is under way. */
  private writingSince: number | null = null;
  /** Of a pipe that was full: what is tried again. */
  private refused: Buffer | null = null;

  constructor(private readonly fd: number) {
    process.once('exit', () => this.writeRest());
  }

  write(line: string): void {
    if (this.waiting.length + line.length > WAITING_MAX) {
      this.dropped++;
      return;
    }
    this.waiting += line;
    if (this.isDue || this.writingSince !== null || this.refused) return;
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
    this.refused = null;
    this.writingSince = performance.now();
    write(this.fd, bytes, (error, written) => {
      this.writingSince = null;
      if (error?.code === 'EAGAIN') {
        this.refused = bytes;
        setTimeout(() => this.put(bytes), GATHER_MS).unref();
      } else if (!error && written < bytes.length) {
        this.put(bytes.subarray(written));
      } else {
        // The disk is full, or nobody reads any more: what comes next may be written.
        if (error) this.dropped += bytes.filter((byte) => byte === NEWLINE).length;
        else this.flush();
      }
    });
  }

  /**
   * The last lines tell why the process ends: they are written even behind a write that is under way, of which nobody
   * will hear any more whether it has ended.
   */
  private writeRest(): void {
    let bytes = this.refused ? Buffer.concat([this.refused, this.taken()]) : this.taken();
    if (bytes.length === 0) return;
    const fd = this.fdForTheLast();
    if (fd === null) return;
    for (let left = LAST_TRIES; bytes.length > 0 && left > 0; left--) {
      try {
        bytes = bytes.subarray(writeSync(fd, bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS);
      }
    }
  }

  /** Null if everything would wait for a write that may never end. */
  private fdForTheLast(): number | null {
    if (this.writingSince === null) return this.fd;
    try {
      const kind = fstatSync(this.fd);
      // Of a pipe opened anew, no other write is waited for. A socket cannot be opened, and a file has nobody wait.
      if (kind.isFIFO()) return openSync(`/proc/self/fd/${this.fd}`, O_WRONLY | O_NONBLOCK);
      const hasEnded = kind.isFile() || performance.now() - this.writingSince < SOON_ENDED_MS;
      return hasEnded ? this.fd : null;
    } catch {
      return null;
    }
  }

  private taken(): Buffer {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    return bytes;
  }
}

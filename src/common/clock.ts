/** Cancels what was scheduled; does nothing once it has run. */
export type Cancel = () => void;

/** Time, as a port: everything that waits or reads the time takes it, so tests can move it by hand. */
export abstract class Clock {
  /** Milliseconds since the epoch. May jump when the machine's time is set. */
  abstract now(): number;

  /** Milliseconds that only grow; for durations, limits and time-outs. */
  abstract monotonic(): number;

  /** Runs `task` once after at least `delayMs`. Never keeps the process alive. */
  abstract after(delayMs: number, task: () => void): Cancel;

  /** Resolves after at least `delayMs`. Never keeps the process alive. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }
}

/** The time of this machine. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, task: () => void): Cancel {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

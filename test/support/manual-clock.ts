import { Clock, type Cancel } from '../../src/common/clock';

/** A clock that stands still until a test moves it. */
export class ManualClock extends Clock {
  private time = 0;
  private tasks: { at: number; task: () => void }[] = [];

  constructor(private readonly startedAt = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.startedAt + this.time;
  }

  monotonic(): number {
    return this.time;
  }

  /** Tasks that wait for their time. */
  get waiting(): number {
    return this.tasks.length;
  }

  after(delayMs: number, task: () => void): Cancel {
    const entry = { at: this.time + delayMs, task };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== entry);
    };
  }

  /** Moves the time on, running what falls due in order. */
  advance(byMs: number): void {
    const end = this.time + byMs;
    for (;;) {
      const due = this.tasks.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.tasks = this.tasks.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.task();
    }
    this.time = end;
  }
}

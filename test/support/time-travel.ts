import { Clock } from '../../src/common/clock';
import type { TestServer } from './test-server';

/** The pause between two looks at all sockets, and how long it lasts where nobody wants to wait for them. */
const LOOK_MS = { usual: 1_000, hurried: 50 };

/**
 * Stops the time of a running server: it goes on only where a test moves it. Timers stay real, so what looks at the
 * clock now and then goes on doing so.
 */
export class TimeTravel {
  private readonly clock: Clock;
  private aheadMs = 0;

  constructor(server: TestServer) {
    const clock = (this.clock = server.app.get(Clock));
    // Whole milliseconds: sums of fractions would miss the ends of intervals by a hair.
    const [now, monotonic] = [Math.floor(clock.now()), Math.floor(clock.monotonic())];
    clock.now = () => now + this.aheadMs;
    clock.monotonic = () => monotonic + this.aheadMs;
  }

  advance(byMs: number): void {
    this.aheadMs += byMs;
  }

  /** From the next one on, the looks at all sockets come more often: each still sees the time that a test has made. */
  hurryLooks(): void {
    const after = this.clock.after.bind(this.clock);
    this.clock.after = (delayMs, task) => after(delayMs === LOOK_MS.usual ? LOOK_MS.hurried : delayMs, task);
  }
}

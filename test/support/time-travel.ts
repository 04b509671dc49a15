import { Clock } from '../../src/common/clock';
import type { TestServer } from './test-server';

/**
 * Stops the time of a running server: it goes on only where a test moves it. Timers stay real, so what looks at the
 * clock now and then goes on doing so.
 */
export class TimeTravel {
  private aheadMs = 0;

  constructor(server: TestServer) {
    const clock = server.app.get(Clock);
    // Whole milliseconds: sums of fractions would miss the ends of intervals by a hair.
    const [now, monotonic] = [Math.floor(clock.now()), Math.floor(clock.monotonic())];
    clock.now = () => now + this.aheadMs;
    clock.monotonic = () => monotonic + this.aheadMs;
  }

  advance(byMs: number): void {
    this.aheadMs += byMs;
  }
}

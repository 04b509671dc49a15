import { Clock } from '../../src/common/clock';
import type { TestServer } from './test-server';

/** Moves a running server's time ahead. Its timers stay real, so what looks at the clock has to fall due by itself. */
export class TimeTravel {
  private aheadMs = 0;

  constructor(server: TestServer) {
    const clock = server.app.get(Clock);
    const now = clock.now.bind(clock);
    const monotonic = clock.monotonic.bind(clock);
    clock.now = () => now() + this.aheadMs;
    clock.monotonic = () => monotonic() + this.aheadMs;
  }

  advance(byMs: number): void {
    this.aheadMs += byMs;
  }
}

import type { Cancel, Clock } from './clock';

/** Waits longer after each failure, up to a last step; with `random`, between half of a step and the whole of it. */
export class Backoff {
  private failures = 0;
  private wake: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly stepsMs: readonly number[],
    private readonly random: () => number = () => 1,
  ) {}

  /** After a success the next wait is the shortest again. */
  reset(): void {
    this.failures = 0;
  }

  wait(): Promise<void> {
    const stepMs = this.stepsMs[Math.min(this.failures++, this.stepsMs.length - 1)]!;
    const delayMs = (stepMs * (1 + this.random())) / 2;
    return new Promise((resolve) => {
      const cancel: Cancel = this.clock.after(delayMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends a wait at once. */
  interrupt(): void {
    this.wake?.();
  }
}

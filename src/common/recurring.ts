import type { Cancel, Clock } from './clock';

export interface Rhythm {
  /** The pause between two runs. */
  intervalMs: number;
  /** Up to so much more, so that several nodes do not run at once. */
  jitterMs: number;
  /** The pause after a run that failed. */
  retryMs: number;
  /** From 0 up to 1. */
  random: () => number;
}

/** Work that is done again and again, never twice at once. */
export class Recurring {
  private cancel: Cancel = () => undefined;
  private running: Promise<void> | null = null;
  /** Whether something has happened that the run under way may not have seen. */
  private isDue = false;
  private isStopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly rhythm: Rhythm,
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    const { intervalMs, jitterMs, random } = this.rhythm;
    this.wait(intervalMs + jitterMs * random());
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Runs now; or once more, if a run is under way. Resolves when that run has ended, well or not. */
  async hurry(): Promise<void> {
    this.isDue = true;
    this.cancel();
    await (this.running ??= this.run());
  }

  private wait(delayMs: number): void {
    this.cancel();
    if (!this.isStopped) this.cancel = this.clock.after(delayMs, () => void this.hurry());
  }

  private async run(): Promise<void> {
    let hasFailed = false;
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      hasFailed = await this.work().then(
        () => false,
        (error: unknown) => {
          this.failed(error);
          return true;
        },
      );
    }
    this.running = null;
    if (hasFailed) this.wait(this.rhythm.retryMs);
    else this.start();
  }
}

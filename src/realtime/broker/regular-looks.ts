import type { Clock } from '../../common/clock';
import { Recurring } from '../../common/recurring';
import type { NodeLink } from './node-link';

/** With what it takes to run and to close, whatever ended unheard of is found within 15 s. */
const RHYTHM = { intervalMs: 8_000, jitterMs: 3_000, retryMs: 1_000 };

export interface LooksOptions {
  /** From 0 up to 1. */
  random: () => number;
  /** Called when a look failed; it is taken again soon. Must not throw. */
  failed(subject: string, error: unknown): void;
}

/**
 * Looks, again and again, whether what is open on this node still may be.
 *
 * Other nodes announce what they end or take away, and an announcement may be lost, with the broker down or up. So this
 * runs always, and at once when announcements may have been missed. Each look goes its own way: one that is slow or fails
 * holds up no other.
 */
export class RegularLooks {
  private readonly looks: Recurring[] = [];

  constructor(
    link: NodeLink,
    private readonly clock: Clock,
    private readonly options: LooksOptions,
  ) {
    link.onGap(() => void this.lookNow());
  }

  /** Adds what is to be looked at, before `start`. What it gives can be hurried alone. */
  add(subject: string, look: () => Promise<void>): Recurring {
    const rhythm = { ...RHYTHM, random: this.options.random };
    const failed = (error: unknown) => this.options.failed(subject, error);
    const recurring = new Recurring(this.clock, rhythm, look, failed);
    this.looks.push(recurring);
    return recurring;
  }

  start(): void {
    for (const look of this.looks) look.start();
  }

  stop(): void {
    for (const look of this.looks) look.stop();
  }

  /** Resolves when everything has been looked at, well or not. */
  async lookNow(): Promise<void> {
    await Promise.all(this.looks.map((look) => look.hurry()));
  }
}

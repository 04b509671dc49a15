import type { Clock } from './clock';

/** What comes due within this time is read again together. */
const GATHER_MS = 250;

/**
 * Reads again, ahead of its end, what is believed for a while and still in use: whoever is busy never waits for it, and
 * many who became known at the same moment do not all ask in the same moment, one query each.
 *
 * If reading fails, what is believed ends when it would have ended, and the next who needs it is told why.
 */
export class Renewals {
  private due: (() => Promise<unknown>)[] = [];

  constructor(private readonly clock: Clock) {}

  /** Add what is due once. */
  add(renew: () => Promise<unknown>): void {
    if (this.due.length === 0) this.clock.after(GATHER_MS, () => this.renewAll());
    this.due.push(renew);
  }

  private renewAll(): void {
    const { due } = this;
    this.due = [];
    for (const renew of due) renew().catch(() => undefined);
  }
}

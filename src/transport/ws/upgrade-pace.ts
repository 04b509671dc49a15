import { ChatError } from '../../common/chat-error';
import type { Clock } from '../../common/clock';

export interface UpgradePaceOptions {
  /** Handshakes that are let in, in the long run. */
  perSecond: number;
  /** Handshakes that are let in at once after a quiet time. */
  burst: number;
  /** From 0 up to 1; spreads those who are to come again. */
  random: () => number;
}

/** Nobody is told to come again sooner, nor later. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * The pace at which a node lets handshakes in: a token bucket. When thousands lose their node at once, those beyond it
 * are told to come later, for the price of a refusal, each at a time of its own: over as long as it takes to let in all
 * who were told so.
 */
export class UpgradePace {
  private free: number;
  /** Who was told to come again and, at this pace, cannot have been let in yet. */
  private expected = 0;
  private lastAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly options: UpgradePaceOptions,
  ) {
    this.free = options.burst;
    this.lastAt = clock.monotonic();
  }

  /** Lets one more in, or throws `server_busy`. */
  take(): void {
    const { perSecond, burst, random } = this.options;
    const now = this.clock.monotonic();
    const passed = ((now - this.lastAt) / 1000) * perSecond;
    this.lastAt = now;
    this.free = Math.min(burst, this.free + passed);
    this.expected = Math.max(0, this.expected - passed);
    if (this.free >= 1) {
      this.free -= 1;
      return;
    }
    this.expected += 1;
    const spreadMs = (this.expected / perSecond) * 1000;
    const retryAfterMs = Math.min(LONGEST_MS, SHORTEST_MS + Math.round(random() * spreadMs));
    throw new ChatError('server_busy', { retryAfterMs });
  }
}

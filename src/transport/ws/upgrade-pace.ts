import { ChatError } from '../../common/chat-error';
import type { Clock } from '../../common/clock';
import { TokenBucket } from '../../realtime/rate-limit';

export interface UpgradePaceOptions {
  /** Handshakes that are let in, in the long run. */
  perSecond: number;
  /** Handshakes that are judged at the same time at most: after a quiet time, or while a slow database holds them up. */
  burst: number;
}

/** Nobody is told to come again sooner, nor later. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * The pace at which a node lets handshakes in: a token bucket. When thousands lose their node at once, those beyond it
 * are told to come later, for the price of a refusal, each when its turn will be: over as long as it takes to let in all
 * who were told so. Where the node cannot keep its own pace, those under way hold up the next: they would only wait for
 * the database together, until all have waited too long.
 */
export class UpgradePace {
  private readonly bucket: TokenBucket;
  private underWay = 0;
  /** Who was told to come again and, at this pace, cannot have been let in yet. */
  private expected = 0;
  private askedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly options: UpgradePaceOptions,
  ) {
    const { burst, perSecond } = options;
    this.bucket = new TokenBucket(clock, burst, (burst / perSecond) * 1000);
    this.askedAt = clock.monotonic();
  }

  /** Lets one more in and judges it, or throws `server_busy`. */
  async keep<T>(judge: () => Promise<T>): Promise<T> {
    this.take();
    this.underWay += 1;
    try {
      return await judge();
    } finally {
      this.underWay -= 1;
    }
  }

  private take(): void {
    const { perSecond, burst } = this.options;
    const now = this.clock.monotonic();
    this.expected = Math.max(0, this.expected - ((now - this.askedAt) / 1000) * perSecond);
    this.askedAt = now;
    if (this.underWay < burst && this.bucket.take() === 0) return;
    this.expected += 1;
    const turnMs = Math.round((this.expected / perSecond) * 1000);
    throw new ChatError('server_busy', { retryAfterMs: Math.min(LONGEST_MS, SHORTEST_MS + turnMs) });
  }
}

import type { Clock } from '../common/clock';

/** Refilled in fractions, a token may be short of a whole one by this much: who waited as told has it. */
const ROUNDING = 1e-9;

/**
 * A token bucket: `capacity` at once, refilled evenly over `windowMs`.
 *
 * Ours rather than a library's, because it stands on the hot path: two numbers, no promise, no timer.
 */
export class TokenBucket {
  private tokens: number;
  private refilledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly capacity: number,
    private readonly windowMs: number,
  ) {
    this.tokens = capacity;
    this.refilledAt = clock.monotonic();
  }

  /** Takes one token, or `cost` if there is one; 0, or the milliseconds until there is. */
  take(cost = 1): number {
    this.refill();
    if (this.tokens >= 1 - ROUNDING) {
      this.tokens -= cost;
      return 0;
    }
    return Math.ceil(((1 - this.tokens) * this.windowMs) / this.capacity);
  }

  /** Whether nothing has been taken for a whole window: the bucket can be forgotten. */
  get isFull(): boolean {
    this.refill();
    return this.tokens >= this.capacity;
  }

  /** Takes away what there is above `tokens`, which may be less than none. */
  lowerTo(tokens: number): void {
    this.refill();
    this.tokens = Math.min(this.tokens, tokens);
  }

  private refill(): void {
    const now = this.clock.monotonic();
    this.tokens = Math.min(
      this.capacity,
      this.tokens + ((now - this.refilledAt) * this.capacity) / this.windowMs,
    );
    this.refilledAt = now;
  }
}

/** Buckets by key; full ones are forgotten, so memory follows the activity of one window. */
export class RateLimit {
  private readonly buckets = new Map<string, TokenBucket>();
  private sweptAt: number;

  constructor(
    protected readonly clock: Clock,
    protected readonly capacity: number,
    protected readonly windowMs: number,
  ) {
    this.sweptAt = clock.monotonic();
  }

  /** Counts one use of `key`; 0, or the milliseconds to wait. */
  take(key: string): number {
    return this.bucketOf(key).take();
  }

  protected bucketOf(key: string): TokenBucket {
    this.sweep();
    let bucket = this.buckets.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.clock, this.capacity, this.windowMs);
      this.buckets.set(key, bucket);
    }
    return bucket;
  }

  private sweep(): void {
    const now = this.clock.monotonic();
    if (now - this.sweptAt < this.windowMs) return;
    this.sweptAt = now;
    for (const [key, bucket] of this.buckets) if (bucket.isFull) this.buckets.delete(key);
  }
}

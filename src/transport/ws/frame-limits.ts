import type { Clock } from '../../common/clock';
import type { Limits } from '../../protocol/limits';
import { TokenBucket } from '../../realtime/rate-limit';

const MINUTE_MS = 60_000;

/** What one socket may send: frames a window, refusals until it counts as flooding, invalid frames a minute. */
export class FrameLimits {
  private readonly frames: TokenBucket;
  private readonly refusals: TokenBucket;
  private invalidAt: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly limits: Limits,
  ) {
    const windowMs = limits.rate_window_seconds * 1000;
    this.frames = new TokenBucket(clock, limits.frames_per_window, windowMs);
    this.refusals = new TokenBucket(clock, limits.frames_per_window, windowMs);
  }

  /** Counts a frame; 0, or the milliseconds to wait. */
  take(): number {
    return this.frames.take();
  }

  /** Counts a refusal for rate; whether the socket keeps on too much. */
  isFlooding(): boolean {
    return this.refusals.take() > 0;
  }

  /** Counts an invalid frame; whether there have been too many within a minute. */
  isInvalidTooOften(): boolean {
    const now = this.clock.monotonic();
    this.invalidAt = this.invalidAt.filter((at) => now - at < MINUTE_MS);
    this.invalidAt.push(now);
    return this.invalidAt.length >= this.limits.invalid_frames_per_minute;
  }
}

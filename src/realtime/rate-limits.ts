import type { Clock } from '../common/clock';
import { RateLimit } from './rate-limit';
import { SharedRateLimit, type UsageLedger } from './shared-rate-limit';

/** Makes the limits of what users do; whether they count on this node or over all of them is decided in one place. */
export abstract class RateLimits {
  /** `name` tells a limit from the others. */
  abstract limit(name: string, capacity: number, windowMs: number): RateLimit;
}

/** Limits of this node alone. */
export class LocalRateLimits extends RateLimits {
  constructor(private readonly clock: Clock) {
    super();
  }

  limit(_name: string, capacity: number, windowMs: number): RateLimit {
    return new RateLimit(this.clock, capacity, windowMs);
  }
}

/** Limits over all nodes that write in the same ledger. */
export class SharedRateLimits extends RateLimits {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: UsageLedger,
  ) {
    super();
  }

  limit(name: string, capacity: number, windowMs: number): RateLimit {
    return new SharedRateLimit(name, this.clock, capacity, windowMs, this.ledger);
  }
}

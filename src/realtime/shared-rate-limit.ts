import type { Clock } from '../common/clock';
import { RateLimit } from './rate-limit';

/** Time between two entries of one node: what it admits is told to the others this much later at most. */
const SETTLE_MS = 50;
/** What a use costs while nobody knows what the other nodes admit. */
const COST_ALONE = 2;

/** Some uses of one limit by one key. */
export interface Use {
  key: string;
  count: number;
  capacity: number;
  windowMs: number;
}

/** What all nodes together have used: a token bucket for each key, outside of them. */
export abstract class UsageLedger {
  /**
   * Enters uses, and gives for each the tokens that are left then: below zero where nodes admitted more than there was.
   * Rejects soon when the ledger is out of reach; the uses may have been entered even so.
   */
  abstract enter(uses: readonly Use[]): Promise<number[]>;
}

/**
 * A limit over all nodes that makes nobody wait: a node decides by its own bucket, enters what it admitted in the common
 * ledger right afterwards, at most every 50 ms, and lowers its bucket to what the ledger has left.
 *
 * The guarantee: through one node, nobody gets more or less than the limit. Through several, somebody gets more only by
 * what these nodes admit before they hear of each other: a node hears with each of its own entries, which come 50 ms and a
 * round trip after a use at the latest. That is never more than the capacity for each node, and it is entered as a debt, of
 * up to a window, that is waited off. So in the long run the rate is that of one node.
 *
 * While the ledger is out of reach, each use costs double: a node alone admits half of the limit.
 */
export class SharedRateLimit extends RateLimit {
  private admitted = new Map<string, number>();
  private isSettling = false;
  private cost = 1;
  /** The two clocks and the way between them make this much of a difference, which is no news. */
  private readonly tolerance: number;

  constructor(
    private readonly name: string,
    clock: Clock,
    capacity: number,
    windowMs: number,
    private readonly ledger: UsageLedger,
  ) {
    super(clock, capacity, windowMs);
    this.tolerance = (4 * SETTLE_MS * capacity) / windowMs;
  }

  override take(key: string): number {
    const waitMs = this.bucketOf(key).take(this.cost);
    if (waitMs > 0) return waitMs;
    this.admitted.set(key, (this.admitted.get(key) ?? 0) + 1);
    if (!this.isSettling) void this.settle();
    return 0;
  }

  private async settle(): Promise<void> {
    this.isSettling = true;
    while (this.admitted.size > 0) {
      const admitted = [...this.admitted];
      this.admitted.clear();
      await this.enter(admitted);
      await this.clock.pause(SETTLE_MS);
    }
    this.isSettling = false;
  }

  private async enter(admitted: readonly [string, number][]): Promise<void> {
    const { name, capacity, windowMs } = this;
    const uses = admitted.map(([key, count]) => ({ key: `${name}:${key}`, count, capacity, windowMs }));
    try {
      const left = await this.ledger.enter(uses);
      this.cost = 1;
      admitted.forEach(([key], n) => {
        const sinceThen = this.admitted.get(key) ?? 0;
        this.bucketOf(key).lowerTo(left[n]! - sinceThen + this.tolerance);
      });
    } catch {
      // Not entered later: what was admitted this long ago is forgotten soon, and this node's bucket remembers it.
      this.cost = COST_ALONE;
    }
  }
}

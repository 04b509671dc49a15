/** Steps within each doubling: a figure read back is at most 1/64 above the one put in. */
const STEPS_BITS = 6;
const STEPS = 1 << STEPS_BITS;
/** Half an hour; more counts as this. */
const MAX_MICROS = 2 ** 31 - 1;
const BUCKETS = (31 - STEPS_BITS + 1) * STEPS;

/**
 * Latencies in microseconds, counted in buckets whose width grows with the value: a fixed, small memory however many
 * are put in, and an error below two per cent. (The idea is that of HdrHistogram.)
 */
export class Latencies {
  private readonly counts: Float64Array;

  constructor(counts?: ArrayLike<number>) {
    this.counts = counts ? Float64Array.from(counts) : new Float64Array(BUCKETS);
  }

  static merged(all: readonly Latencies[]): Latencies {
    const sum = new Latencies();
    for (const { counts } of all) counts.forEach((count, bucket) => (sum.counts[bucket]! += count));
    return sum;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  add(micros: number): void {
    this.counts[bucketOf(micros)]! += 1;
  }

  clear(): void {
    this.counts.fill(0);
  }

  /** The value that the share `quantile` (0 to 1) of all does not exceed, in milliseconds; NaN without any. */
  quantileMs(quantile: number): number {
    const rank = Math.max(1, Math.ceil(this.count * quantile));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket]!;
      if (seen >= rank) return highestOf(bucket) / 1000;
    }
    return NaN;
  }

  toJSON(): number[] {
    return [...this.counts];
  }
}

function bucketOf(micros: number): number {
  const value = Math.min(Math.max(0, Math.floor(micros)), MAX_MICROS);
  if (value < STEPS) return value;
  const shift = 31 - Math.clz32(value) - STEPS_BITS;
  return (shift + 1) * STEPS + (value >>> shift) - STEPS;
}

function highestOf(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  return ((bucket % STEPS) + STEPS + 1) * 2 ** shift - 1;
}

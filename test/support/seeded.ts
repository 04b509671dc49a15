import { randomInt } from 'node:crypto';

const SEED_VARIABLE = 'TEST_SEED';
/** Long tests, on a machine that may have other things to do. */
const TIMEOUT_MS = 90_000;

/** Chance that can be repeated: the same seed gives the same numbers (mulberry32). */
export class SeededRandom {
  constructor(private state: number) {}

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/**
 * A test that leaves something to chance. When it fails it tells its seed, with which, in `TEST_SEED`, the same numbers
 * are drawn again; what goes on at once may still take turns in another order.
 */
export function itBySeed(title: string, body: (random: SeededRandom) => Promise<void> | void): void {
  const seed = Number(process.env[SEED_VARIABLE] ?? randomInt(2 ** 31));
  it(
    title,
    async () => {
      try {
        await body(new SeededRandom(seed));
      } catch (cause) {
        throw new Error(`failed with ${SEED_VARIABLE}=${seed}`, { cause });
      }
    },
    TIMEOUT_MS,
  );
}

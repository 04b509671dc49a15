import { LRUCache } from 'lru-cache';
import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';

/** Who logged in from where is remembered this long. */
export const ACQUAINTED_SECONDS = 30 * 24 * 3600;
const ACQUAINTED_MAX = 10_000;

/** What is counted and remembered of attempts: on this node, or over all of them. */
export abstract class AttemptStore {
  /** A counter of `points` within a window for each key. Its refusals are `RateLimiterRes`; it never fails otherwise. */
  abstract counter(name: string, points: number, windowSeconds: number): RateLimiterAbstract;

  /** Whether `remember` was called with the key within the last 30 days. May have forgotten; never rejects. */
  abstract remembers(key: string): Promise<boolean>;

  /** Never rejects. */
  abstract remember(key: string): Promise<void>;
}

/** Keeps it in the memory of this node. */
export class LocalAttemptStore extends AttemptStore {
  private readonly remembered = new LRUCache<string, true>({
    max: ACQUAINTED_MAX,
    ttl: ACQUAINTED_SECONDS * 1000,
  });

  counter(name: string, points: number, windowSeconds: number): RateLimiterAbstract {
    return new RateLimiterMemory({ keyPrefix: name, points, duration: windowSeconds });
  }

  remembers(key: string): Promise<boolean> {
    return Promise.resolve(this.remembered.has(key));
  }

  remember(key: string): Promise<void> {
    this.remembered.set(key, true);
    return Promise.resolve();
  }
}

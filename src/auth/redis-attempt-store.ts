import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisConnection } from '../redis/redis-connection';
import { ACQUAINTED_SECONDS, AttemptStore, LocalAttemptStore } from './attempt-store';

/** What one node allows of a limit while it does not know what the others do. */
const SHARE_ALONE = 0.5;

/**
 * Keeps it in Redis, for all nodes. While Redis is out of reach, each node counts for itself and allows half. Names and
 * addresses are not readable in Redis, only their hashes.
 */
export class RedisAttemptStore extends AttemptStore {
  private readonly local = new LocalAttemptStore();

  constructor(private readonly redis: RedisConnection) {
    super();
  }

  counter(name: string, points: number, windowSeconds: number): RateLimiterAbstract {
    return new HashedKeys({
      storeClient: this.redis.client,
      rejectIfRedisNotReady: true,
      keyPrefix: `${this.redis.prefix}:attempts:${name}`,
      points,
      duration: windowSeconds,
      insuranceLimiter: new RateLimiterMemory({
        points: Math.max(1, Math.floor(points * SHARE_ALONE)),
        duration: windowSeconds,
      }),
    });
  }

  async remembers(key: string): Promise<boolean> {
    if (await this.local.remembers(key)) return true;
    const found = await this.redis.client.exists(this.nameOf(key)).catch(() => 0);
    if (found > 0) await this.local.remember(key);
    return found > 0;
  }

  async remember(key: string): Promise<void> {
    await this.local.remember(key);
    await this.redis.client.set(this.nameOf(key), '', 'EX', ACQUAINTED_SECONDS).catch(() => undefined);
  }

  private nameOf(key: string): string {
    return `${this.redis.prefix}:acquainted:${hashOf(key)}`;
  }
}

class HashedKeys extends RateLimiterRedis {
  override getKey(key: string | number): string {
    return super.getKey(hashOf(String(key)));
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

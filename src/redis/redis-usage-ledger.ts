import { UsageLedger, type Use } from '../realtime/shared-rate-limit';
import type { RedisConnection } from './redis-connection';

/**
 * A bucket is the moment at which it will be full again. Times are those of Redis, so the clocks of the nodes do not
 * matter; a debt of more than a window is forgiven, so neither does Redis' clock when it is set back.
 */
const ENTER_USES = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local count, capacity, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
  full = math.min(full + count * window / capacity, now + 2 * window)
  redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil(full - now) + 1)
  return math.floor(full - now)`;

/** What is used over all nodes, kept in Redis until it is forgotten. */
export class RedisUsageLedger extends UsageLedger {
  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async enter(uses: readonly Use[]): Promise<number[]> {
    return Promise.all(uses.map((use) => this.enterOne(use)));
  }

  private async enterOne({ key, count, capacity, windowMs }: Use): Promise<number> {
    const { client, prefix } = this.redis;
    const name = `${prefix}:uses:${key}`;
    const untilFullMs = await client.eval(ENTER_USES, 1, name, count, capacity, windowMs);
    return capacity - (Number(untilFullMs) * capacity) / windowMs;
  }
}

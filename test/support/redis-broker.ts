import { SystemClock } from '../../src/common/clock';
import type { RedisConfig } from '../../src/config/app-config';
import { createRedisBroker } from '../../src/redis/create-redis-broker';
import type { RedisBroker } from '../../src/redis/redis-broker';
import { BrokerNode } from './broker-node';
import { eventually } from './eventually';

/** Patient, so that a slow machine is taken for no trouble. */
export function aRedisConfig(
  urls: string | readonly string[],
  overrides: Partial<RedisConfig> = {},
): RedisConfig {
  const [first, ...others] = [urls].flat();
  return {
    urls: [first!, ...others],
    isCluster: others.length > 0,
    prefix: 'test',
    timeoutMs: 10_000,
    ...overrides,
  };
}

/** A node's broker on Redis, and everything that it has told. */
export class RedisNode extends BrokerNode<RedisBroker> {
  readonly troubles: (string | null)[];

  constructor(config: RedisConfig, { probeIntervalMs }: { probeIntervalMs?: number } = {}) {
    const troubles: (string | null)[] = [];
    const report = (trouble: Error | null) => troubles.push(trouble?.message ?? null);
    super(createRedisBroker(config, new SystemClock(), { probeIntervalMs, report }));
    this.troubles = troubles;
  }

  async isDown(): Promise<void> {
    await eventually(() => !this.broker.isUp, 'the broker is down');
  }
}

import { SystemClock } from '../../src/common/clock';
import type { RedisConfig } from '../../src/config/app-config';
import { createRedisBroker } from '../../src/redis/create-redis-broker';
import type { RedisBroker } from '../../src/redis/redis-broker';
import type { Topic } from '../../src/realtime/broker/broker';
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
export class RedisNode {
  readonly received: { topic: Topic; payload: string }[] = [];
  readonly states: boolean[] = [];
  readonly troubles: (string | null)[] = [];
  readonly broker: RedisBroker;

  constructor(config: RedisConfig, { probeIntervalMs }: { probeIntervalMs?: number } = {}) {
    this.broker = createRedisBroker(config, new SystemClock(), {
      probeIntervalMs,
      report: (trouble) => this.troubles.push(trouble?.message ?? null),
    });
  }

  start(): Promise<void> {
    return this.broker.start({
      receive: (topic, payload) => this.received.push({ topic, payload }),
      stateChanged: (isUp) => this.states.push(isUp),
    });
  }

  get payloads(): string[] {
    return this.received.map(({ payload }) => payload);
  }

  /** Resolves when it hears what `publish` publishes, time and again: some may be lost while Redis comes back. */
  async hearsSome(publish: () => void, payload: string): Promise<void> {
    publish();
    const again = setInterval(publish, 200);
    await this.hears(payload).finally(() => clearInterval(again));
  }

  async hears(payload: string): Promise<void> {
    await eventually(() => this.payloads.includes(payload), `hearing ${payload}`);
  }

  async isUp(): Promise<void> {
    await eventually(() => this.broker.isUp, 'the broker is up');
  }

  async isDown(): Promise<void> {
    await eventually(() => !this.broker.isUp, 'the broker is down');
  }

  /** Resolves when it has been down, be it up again already. */
  async wentDown(): Promise<void> {
    await eventually(() => this.states.includes(false), 'the broker goes down');
  }
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../common/clock';
import type { RedisConfig } from '../config/app-config';
import { RedisBroker, type RedisBrokerOptions } from './redis-broker';
import { RedisClusterLink } from './redis-cluster-link';
import { SingleRedisLink } from './redis-link';
import { channelPrefix } from './redis-options';

/** The broker that the configuration asks for. */
export function createRedisBroker(
  config: RedisConfig,
  clock: Clock,
  options: Pick<RedisBrokerOptions, 'report' | 'probeIntervalMs'>,
): RedisBroker {
  const prefix = channelPrefix(config);
  const Link = config.isCluster ? RedisClusterLink : SingleRedisLink;
  return new RedisBroker({
    prefix,
    clock,
    random: Math.random,
    openLink: (events) => new Link(config, `${prefix}:probe:${randomUUID()}`, events),
    ...options,
  });
}

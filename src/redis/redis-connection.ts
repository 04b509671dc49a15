import { Cluster, Redis } from 'ioredis';
import type { RedisConfig } from '../config/app-config';
import { clusterNodes, clusterOptions, redisOptions } from './redis-options';

/** A connection without an answer for so many time-outs is ended: until there is a new one, commands fail at once. */
const TIMEOUTS_MAX = 4;
const RETRY_MAX_MS = 2000;

/**
 * The connection for commands, to one Redis or to a cluster; it is had again whenever it is lost. A command is answered
 * within the configured time or fails, at once while there is no connection.
 */
export class RedisConnection {
  readonly client: Redis | Cluster;
  /** What keys begin with. */
  readonly prefix: string;

  constructor(config: RedisConfig) {
    this.prefix = config.prefix;
    this.client = config.isCluster ? aCluster(config) : aRedis(config);
    // What the loss of the connection means, the failing commands tell.
    this.client.on('error', () => undefined);
    void this.client.connect().catch(() => undefined);
  }

  end(): void {
    if (this.client.status !== 'end') this.client.disconnect();
  }
}

function aRedis(config: RedisConfig): Redis {
  return new Redis({
    ...redisOptions(config, 'limits'),
    ...patience(config),
    retryStrategy: pauseMs,
    enableAutoPipelining: true,
  });
}

function aCluster(config: RedisConfig): Cluster {
  const options = clusterOptions(config, 'limits');
  return new Cluster(clusterNodes(config), {
    ...options,
    redisOptions: { ...options.redisOptions, ...patience(config) },
    clusterRetryStrategy: pauseMs,
    enableAutoPipelining: true,
  });
}

function patience({ timeoutMs }: RedisConfig): { commandTimeout: number; socketTimeout: number } {
  return { commandTimeout: timeoutMs, socketTimeout: TIMEOUTS_MAX * timeoutMs };
}

function pauseMs(failures: number): number {
  return Math.min(RETRY_MAX_MS, 100 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}

import { LocalAttemptStore } from '../../src/auth/attempt-store';
import { RedisAttemptStore } from '../../src/auth/redis-attempt-store';
import { RedisConnection } from '../../src/redis/redis-connection';
import { type AttemptStoreStage, describeAttemptStore } from '../contract/attempt-store.contract';
import { aRedisConfig } from '../support/redis-broker';
import { describeWithRedis, RedisCluster, RedisServer } from '../support/redis-server';
import { until } from '../support/until';

/** A store on a Redis that is there, for without it each node counts for itself and allows half. */
async function onRedis(
  urls: string | readonly string[],
  stop: () => Promise<void>,
): Promise<AttemptStoreStage> {
  const connection = new RedisConnection(aRedisConfig(urls));
  await until(() => connection.client.get('anything'));
  return {
    store: new RedisAttemptStore(connection),
    end: async () => {
      connection.end();
      await stop();
    },
  };
}

describeAttemptStore('LocalAttemptStore', async () => ({
  store: new LocalAttemptStore(),
  end: async () => undefined,
}));

describeWithRedis('with a Redis', () => {
  describeAttemptStore('RedisAttemptStore', async () => {
    const redis = await RedisServer.start();
    return onRedis(redis.url, () => redis.stop());
  });

  describeAttemptStore('RedisAttemptStore on a cluster', async () => {
    const cluster = await RedisCluster.start();
    return onRedis(cluster.urls, () => cluster.stop());
  });
});

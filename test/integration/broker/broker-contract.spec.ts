import { Client } from 'pg';
import { PostgresBroker } from '../../../src/broker/postgres-broker';
import { SystemClock } from '../../../src/common/clock';
import type { Topic } from '../../../src/realtime/broker/broker';
import { describeBroker } from '../../contract/broker.contract';
import { MemoryCarrier } from '../../support/memory-broker';
import { aRedisConfig, RedisNode } from '../../support/redis-broker';
import { describeWithRedis, RedisCluster, RedisServer } from '../../support/redis-server';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase } from '../../support/test-database';

describeBroker('MemoryBroker', () => {
  const carrier = new MemoryCarrier();
  return Promise.resolve({
    aBroker: () => carrier.broker(),
    publish: async (topic, payload) => carrier.publish(topic, payload),
    cutSubscriptions: async () => {
      for (const broker of carrier.brokers) broker.goDown();
      for (const broker of carrier.brokers) broker.comeBack();
    },
    end: async () => undefined,
  });
});

describeBroker('PostgresBroker', async () => {
  const database = await createTestDatabase('empty');
  const config = aTestConfig({ databaseUrl: database.url });
  const stranger = new Client(database.url);
  await stranger.connect();
  const channelOf = (topic: Topic) => (topic === 'nodes' ? 'chat_nodes' : `chat_room_${topic.roomId}`);
  return {
    aBroker: () => new PostgresBroker(config, new SystemClock()),
    publish: async (topic, payload) => {
      await stranger.query('SELECT pg_notify($1, $2)', [channelOf(topic), payload]);
    },
    cutSubscriptions: async () => {
      await stranger.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
      );
    },
    end: async () => {
      await stranger.end();
      await database.drop();
    },
  };
});

describeWithRedis('with a Redis', () => {
  const channelOf = (topic: Topic) => (topic === 'nodes' ? 'test:0:nodes' : `test:0:room:${topic.roomId}`);

  describeBroker('RedisBroker', async () => {
    const redis = await RedisServer.start();
    return {
      aBroker: () => new RedisNode(aRedisConfig(redis.url)).broker,
      publish: async (topic, payload) => {
        await redis.command('PUBLISH', channelOf(topic), payload);
      },
      cutSubscriptions: async () => {
        await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      },
      end: () => redis.stop(),
    };
  });

  describeBroker('RedisBroker on a cluster', async () => {
    const cluster = await RedisCluster.start();
    return {
      aBroker: () => new RedisNode(aRedisConfig(cluster.urls)).broker,
      publish: (topic, payload) => cluster.publish(channelOf(topic), payload),
      cutSubscriptions: async () => {
        await Promise.all(cluster.nodes.map((node) => node.command('CLIENT', 'KILL', 'TYPE', 'pubsub')));
      },
      end: () => cluster.stop(),
    };
  });
});

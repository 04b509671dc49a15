import { aRedisConfig, RedisNode } from '../../support/redis-broker';
import { describeWithRedis, RedisCluster } from '../../support/redis-server';

/** Enough that each of three shards has some of them. */
const ROOMS = Array.from({ length: 40 }, (_, n) => n + 1);

describeWithRedis('RedisBroker on a cluster', () => {
  let cluster: RedisCluster;
  let ada: RedisNode;
  let bob: RedisNode;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
    ada = new RedisNode(aRedisConfig(cluster.urls), { probeIntervalMs: 300 });
    bob = new RedisNode(aRedisConfig(cluster.urls), { probeIntervalMs: 300 });
    await Promise.all([ada.start(), bob.start()]);
    await Promise.all(ROOMS.map((roomId) => bob.broker.subscribe(roomId)));
  });
  afterAll(async () => {
    await Promise.all([ada.broker.stop(), bob.broker.stop()]);
    await cluster.stop();
  });

  async function expectAllHeard(what: string): Promise<void> {
    const publish = () => {
      for (const roomId of ROOMS) ada.broker.publish({ roomId }, `${what} in ${roomId}`);
      ada.broker.publish('nodes', `${what} everywhere`);
    };

    await bob.hearsSome(publish, `${what} everywhere`);
    for (const roomId of ROOMS) await bob.hearsSome(publish, `${what} in ${roomId}`);
  }

  it('carries the rooms of every shard, each through its own shard alone', async () => {
    await expectAllHeard('hello');

    const shards = await Promise.all(
      cluster.nodes.map(
        (node) => node.command('PUBSUB', 'SHARDCHANNELS', 'test:0:room:*') as Promise<string[]>,
      ),
    );
    expect(shards.flat().sort()).toEqual(ROOMS.map((roomId) => `test:0:room:${roomId}`).sort());
    for (const channels of shards) expect(channels.length).toBeGreaterThan(0);
  });

  it('is down as long as one shard is frozen, and comes back with every room', async () => {
    cluster.nodes[1]!.freeze();
    await Promise.all([ada.isDown(), bob.isDown()]);
    cluster.nodes[1]!.thaw();
    await Promise.all([ada.isUp(), bob.isUp()]);

    await expectAllHeard('again');
  });

  it('is down as long as one shard is dead, and comes back with every room', async () => {
    await cluster.nodes[2]!.kill();
    await Promise.all([ada.isDown(), bob.isDown()]);
    await cluster.nodes[2]!.revive();
    await Promise.all([ada.isUp(), bob.isUp()]);

    await expectAllHeard('once more');
  });
});

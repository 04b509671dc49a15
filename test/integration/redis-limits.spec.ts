import { AttemptLimits } from '../../src/auth/attempt-limits';
import { RedisAttemptStore } from '../../src/auth/redis-attempt-store';
import type { RedisConfig } from '../../src/config/app-config';
import { RedisConnection } from '../../src/redis/redis-connection';
import { RedisUsageLedger } from '../../src/redis/redis-usage-ledger';
import { aRedisConfig } from '../support/redis-broker';
import { describeWithRedis, RedisCluster, RedisServer } from '../support/redis-server';
import { aTestConfig } from '../support/test-config';
import { until } from '../support/until';

const LIMITED = { code: 'rate_limited', details: { retryAfterMs: expect.any(Number) } };
const HOME = '192.0.2.1';
const ELSEWHERE = '198.51.100.1';

async function aConnection(
  urls: string | readonly string[],
  overrides: Partial<RedisConfig> = {},
): Promise<RedisConnection> {
  const connection = new RedisConnection(aRedisConfig(urls, overrides));
  await until(() => connection.client.get('anything'));
  return connection;
}

/** The attempts as one node counts them: 8 of an address, 4 at an account. */
function attemptsOn(connection: RedisConnection): AttemptLimits {
  const config = aTestConfig({
    rateLimitsEnabled: true,
    authAttemptsPerAddress: 8,
    authAttemptsPerAccount: 4,
    authWindowSeconds: 3600,
  });
  return new AttemptLimits(config, new RedisAttemptStore(connection));
}

async function repeat(times: number, attempt: () => Promise<void>): Promise<void> {
  for (let n = 0; n < times; n++) await attempt();
}

describeWithRedis('limits in Redis', () => {
  let redis: RedisServer;
  let nodes: RedisConnection[];

  beforeEach(async () => {
    redis = await RedisServer.start();
    nodes = await Promise.all([aConnection(redis.url), aConnection(redis.url)]);
  });
  const impatientNodes = async () => {
    nodes.forEach((node) => node.end());
    nodes = await Promise.all([
      aConnection(redis.url, { timeoutMs: 200 }),
      aConnection(redis.url, { timeoutMs: 200 }),
    ]);
  };
  afterEach(async () => {
    nodes.forEach((node) => node.end());
    await redis.stop();
  });

  describe('of attempts', () => {
    it('count an address and an account over all nodes', async () => {
      const [here, there] = nodes.map(attemptsOn) as [AttemptLimits, AttemptLimits];
      await repeat(4, () => here.fromAddress('login', HOME));
      await repeat(4, () => there.fromAddress('login', HOME));
      await repeat(2, () => here.onAccount('login', 'Ada', HOME));
      await repeat(2, () => there.onAccount('login', 'ADA', ELSEWHERE));

      for (const node of [here, there]) {
        await expect(node.fromAddress('login', HOME)).rejects.toMatchObject(LIMITED);
        await expect(node.onAccount('login', 'ada', HOME)).rejects.toMatchObject(LIMITED);
        await expect(node.fromAddress('login', ELSEWHERE)).resolves.toBeUndefined();
      }
    });

    it('give back what succeeded, and let the owner in at home on every node', async () => {
      const [here, there] = nodes.map(attemptsOn) as [AttemptLimits, AttemptLimits];
      await here.onAccount('login', 'ada', HOME);
      await here.succeeded('login', 'ada', HOME);
      await repeat(4, () => there.onAccount('login', 'ada', ELSEWHERE));

      await expect(there.onAccount('login', 'ada', ELSEWHERE)).rejects.toMatchObject(LIMITED);
      await expect(there.onAccount('login', 'ada', HOME)).resolves.toBeUndefined();
    });

    it('leave no name and no address in Redis that could be read', async () => {
      const [here] = nodes.map(attemptsOn) as [AttemptLimits];
      await here.fromAddress('login', HOME);
      await here.onAccount('login', 'ada@example.org', HOME);
      await here.succeeded('login', 'ada@example.org', HOME);

      const keys = await until(async () => {
        const found = (await redis.command('KEYS', '*')) as string[];
        expect(found.length).toBe(3);
        return found;
      });
      for (const key of keys) {
        expect(key).not.toMatch(/ada|192/);
        expect(Number(await redis.command('TTL', key))).toBeGreaterThan(0);
      }
    });

    it.each(['killed', 'frozen'])('go on in each node while Redis is %s, and allow half', async (trouble) => {
      await impatientNodes();
      const [here, there] = nodes.map(attemptsOn) as [AttemptLimits, AttemptLimits];
      if (trouble === 'killed') await redis.kill();
      else redis.freeze();

      for (const node of [here, there]) {
        await repeat(2, () => node.onAccount('login', 'ada', HOME));
        await expect(node.onAccount('login', 'ada', HOME)).rejects.toMatchObject(LIMITED);
        await expect(node.fromAddress('login', HOME)).resolves.toBeUndefined();
      }
    });

    it('count over all nodes again when Redis is back', async () => {
      const [here, there] = nodes.map(attemptsOn) as [AttemptLimits, AttemptLimits];
      await redis.kill();
      await here.onAccount('login', 'ada', HOME);
      await redis.revive();
      await Promise.all(nodes.map((node) => until(() => node.client.get('anything'))));
      await repeat(4, () => here.onAccount('login', 'ada', HOME));

      await expect(there.onAccount('login', 'ada', HOME)).rejects.toMatchObject(LIMITED);
    });
  });

  describe('of uses', () => {
    const use = (key: string, count: number) => ({ key, count, capacity: 20, windowMs: 3_600_000 });

    it('are entered by all nodes in one ledger, and may leave a debt', async () => {
      const [here, there] = nodes.map((node) => new RedisUsageLedger(node)) as [
        RedisUsageLedger,
        RedisUsageLedger,
      ];

      const first = await here.enter([use('ada', 5), use('bob', 1)]);
      const second = await there.enter([use('ada', 20)]);

      expect(first).toEqual([expect.closeTo(15, 0), expect.closeTo(19, 0)]);
      expect(second).toEqual([expect.closeTo(-5, 0)]);
    });

    it('are forgiven beyond a window, and forgotten when they are had back', async () => {
      const ledger = new RedisUsageLedger(nodes[0]!);

      const [left] = await ledger.enter([use('ada', 500)]);
      await ledger.enter([{ key: 'bob', count: 1, capacity: 1, windowMs: 1 }]);

      expect(left).toBeCloseTo(-20, 0);
      await until(async () => expect(await redis.command('KEYS', '*')).toHaveLength(1));
    });

    it.each(['killed', 'frozen'])(
      'cannot be entered while Redis is %s, which is soon known',
      async (trouble) => {
        await impatientNodes();
        const ledger = new RedisUsageLedger(nodes[0]!);
        if (trouble === 'killed') await redis.kill();
        else redis.freeze();

        await expect(ledger.enter([use('ada', 1)])).rejects.toThrow();
      },
    );
  });
});

describeWithRedis('limits in a cluster of Redis', () => {
  it('count over all nodes, whatever shard they belong to', async () => {
    const cluster = await RedisCluster.start();
    const nodes = await Promise.all([aConnection(cluster.urls), aConnection(cluster.urls)]);
    const [here, there] = nodes.map(attemptsOn) as [AttemptLimits, AttemptLimits];
    const names = Array.from({ length: 12 }, (_, n) => `user ${n}`);

    const uses = names.map((key) => ({ key, count: 5, capacity: 20, windowMs: 3_600_000 }));
    await new RedisUsageLedger(nodes[0]).enter(uses);
    const left = await new RedisUsageLedger(nodes[1]).enter(uses);
    for (const name of names) {
      await repeat(2, () => here.onAccount('login', name, HOME));
      await repeat(2, () => there.onAccount('login', name, HOME));
      await expect(here.onAccount('login', name, HOME)).rejects.toMatchObject(LIMITED);
    }

    expect(left.map(Math.round)).toEqual(names.map(() => 10));
    nodes.forEach((node) => node.end());
    await cluster.stop();
  });
});

import { aRedisConfig, RedisNode } from '../../support/redis-broker';
import { describeWithRedis, RedisServer } from '../../support/redis-server';

const ROOM = { roomId: 7 };

describeWithRedis('RedisBroker', () => {
  let redis: RedisServer;
  let nodes: RedisNode[] = [];
  let prefixes = 0;
  let prefix: string;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    prefix = `test-${++prefixes}`;
  });
  afterEach(async () => {
    await Promise.all(nodes.map(({ broker }) => broker.stop()));
    nodes = [];
  });

  function aNode(options: { url?: string; prefix?: string; probeIntervalMs?: number } = {}): RedisNode {
    const node = new RedisNode(
      aRedisConfig(options.url ?? redis.url, { prefix: options.prefix ?? prefix }),
      options,
    );
    nodes.push(node);
    return node;
  }

  /** Two nodes, the second in the room. */
  async function aPair(options: { probeIntervalMs?: number } = {}): Promise<[RedisNode, RedisNode]> {
    const pair: [RedisNode, RedisNode] = [aNode(options), aNode(options)];
    await Promise.all(pair.map((node) => node.start()));
    await pair[1].broker.subscribe(ROOM.roomId);
    return pair;
  }

  it.each([
    ['prefixes', { prefix: 'another' }],
    ['databases', { database: '/5' }],
  ])('keeps chats apart that share a Redis with different %s', async (_what, other) => {
    const [ada, bob] = await aPair();
    const stranger = aNode({ ...other, url: redis.url + ('database' in other ? other.database : '') });
    await stranger.start();
    await stranger.broker.subscribe(ROOM.roomId);

    ada.broker.publish(ROOM, 'private');
    stranger.broker.publish(ROOM, 'from afar');
    stranger.broker.publish('nodes', 'own');
    ada.broker.publish('nodes', 'marker');

    await Promise.all([stranger.hears('own'), bob.hears('marker')]);
    expect(stranger.payloads).toEqual(['from afar', 'own']);
    expect(bob.payloads).toEqual(['private', 'marker']);
  });

  it('comes back, with every room, when Redis has been killed', async () => {
    const [ada, bob] = await aPair();

    await redis.kill();
    await Promise.all([ada.wentDown(), bob.wentDown()]);
    ada.broker.publish(ROOM, 'into the void');
    await bob.broker.subscribe(8);
    await redis.revive();
    await Promise.all([ada.isUp(), bob.isUp()]);
    ada.broker.publish({ roomId: 8 }, 'entered meanwhile');
    ada.broker.publish(ROOM, 'again');

    await bob.hears('again');
    expect(bob.payloads).toEqual(['entered meanwhile', 'again']);
    expect(bob.states).toEqual([true, false, true]);
    expect(bob.troubles).toEqual([expect.any(String), null]);
  });

  it('finds out that Redis is frozen, though no connection has broken, and comes back', async () => {
    const [ada, bob] = await aPair({ probeIntervalMs: 300 });

    redis.freeze();
    await Promise.all([ada.wentDown(), bob.wentDown()]);
    redis.thaw();

    await bob.hearsSome(() => ada.broker.publish(ROOM, 'again'), 'again');
  });

  it('does not mind that Redis is emptied', async () => {
    const [ada, bob] = await aPair();

    await redis.command('FLUSHALL');
    ada.broker.publish(ROOM, 'still here');

    await bob.hears('still here');
    expect(bob.states).toEqual([true]);
  });

  it('drops what is larger than any node publishes, and takes the next', async () => {
    const [ada, bob] = await aPair();

    await redis.command('PUBLISH', `${prefix}:0:room:7`, 'x'.repeat(5 * 1024 * 1024));
    await redis.command('PUBLISH', `${prefix}:0:nodes`, 'x'.repeat(5 * 1024 * 1024));
    ada.broker.publish(ROOM, 'x'.repeat(ada.broker.maxPayloadBytes));
    ada.broker.publish(ROOM, 'marker');

    await bob.hears('marker');
    expect(bob.payloads.map(({ length }) => length)).toEqual([ada.broker.maxPayloadBytes, 'marker'.length]);
  });

  it('starts without Redis, and is there as soon as Redis is', async () => {
    await redis.kill();
    const node = aNode();

    await node.start();
    expect(node.broker.isUp).toBe(false);
    await redis.revive();
    await node.isUp();

    expect(node.states).toEqual([true]);
    expect(node.troubles).toEqual([expect.stringContaining('ECONNREFUSED'), null]);
  });

  it('keeps little of what it publishes while Redis hangs, and makes nobody wait', async () => {
    const [ada, bob] = await aPair({ probeIntervalMs: 60_000 });
    const payload = 'x'.repeat(100 * 1024);

    redis.freeze();
    for (let n = 0; n < 300; n++) ada.broker.publish(ROOM, payload);
    await bob.broker.subscribe(8);
    redis.thaw();
    await bob.broker.subscribe(9);
    await bob.hearsSome(() => ada.broker.publish(ROOM, 'marker'), 'marker');

    const carried = bob.payloads.filter(({ length }) => length === payload.length);
    expect(carried.length).toBeGreaterThan(0);
    expect(carried.length * payload.length).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('logs in with the credentials of the URL, and never tells them', async () => {
    const guarded = await RedisServer.start();
    await guarded.command('ACL', 'SETUSER', 'chat', 'on', '>hunter2@/', 'allkeys', 'allchannels', '+@all');
    await guarded.command('ACL', 'SETUSER', 'default', 'off');
    const url = (password: string) => guarded.url.replace('//', `//chat:${encodeURIComponent(password)}@`);
    const [welcome, stranger] = [aNode({ url: url('hunter2@/') }), aNode({ url: url('hunter3') })];

    await Promise.all([welcome.start(), stranger.start()]);

    expect([welcome.broker.isUp, stranger.broker.isUp]).toEqual([true, false]);
    expect(stranger.troubles).toEqual([expect.stringContaining('WRONGPASS')]);
    expect(stranger.troubles[0]).not.toContain('hunter');
    await guarded.stop();
  });
});

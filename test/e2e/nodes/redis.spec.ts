import type { Room } from '../../../src/protocol/models';
import { AccountClient } from '../../support/account-client';
import { burst, codes, times } from '../../support/burst';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { aRedisConfig } from '../../support/redis-broker';
import { describeWithRedis, RedisServer } from '../../support/redis-server';
import { RoomReplica } from '../../support/room-replica';
import { aTestConfig } from '../../support/test-config';
import type { TestServer } from '../../support/test-server';
import { at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';
import { until } from '../../support/until';
import { oneTo, wholeLog } from '../../support/whole-log';

async function expectReadiness(nodes: TwoNodes, expected: object): Promise<void> {
  for (const node of [nodes.a, nodes.b]) {
    await until(async () => {
      const response = await fetch(`${node.url}/health/ready`);
      expect({ http: response.status, ...((await response.json()) as object) }).toMatchObject(expected);
    });
  }
}

/** What the node has heard of other nodes' changes, by their announcements. */
async function announcedChanges(node: TestServer): Promise<number> {
  const metrics = await (await fetch(`${node.url}/metrics`)).text();
  return Number(/^chat_announcements_received_total\{type="changes"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

describeWithRedis('two nodes with BROKER=redis', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  describe('that chat', () => {
    let nodes: TwoNodes;
    let ada: Person;
    let bob: Person;

    beforeAll(async () => {
      nodes = await startTwoNodes({ redis: aRedisConfig(redis.url) });
      ada = await aPerson(nodes.a, 'Ada');
      bob = await aPerson(nodes.b, 'Bob');
    });
    afterAll(() => nodes.stop());
    // Thawed without being frozen, it takes no notice.
    afterEach(() => redis.thaw());

    it('hear of each other’s messages through Redis', async () => {
      const reader = await ChatSocket.open(nodes.a, ada, { path: '/1' });
      await reader.next('messages_history');
      const author = await ChatSocket.open(nodes.b, bob);

      // The first words of two nodes to each other may cross.
      await until(async () => {
        const { seq } = await author.say('hello', { room_id: 1 });
        await expect(reader.next('message')).resolves.toMatchObject({ data: { seq, content: 'hello' } });
        expect(await announcedChanges(nodes.a)).toBeGreaterThan(0);
      });

      await Promise.all([reader.close(), author.close()]);
    });

    it('lose nothing when Redis is killed in the midst of it, and are well when it is back', async () => {
      const readers = [
        await ChatSocket.open(nodes.a, ada, { path: '/1' }),
        await ChatSocket.open(nodes.b, bob, { path: '/1' }),
      ];
      const replicas = readers.map(() => new RoomReplica(1));
      await Promise.all(replicas.map((replica, n) => replica.readAnswer(readers[n]!)));
      const authors = [await ChatSocket.open(nodes.a, ada), await ChatSocket.open(nodes.b, bob)];
      let isWriting = true;
      let written = 0;
      const writing = authors.map(async (author) => {
        while (isWriting) await author.say(`message ${++written}`, { room_id: 1 });
      });
      const writtenSince = async (count: number) => {
        const goal = written + count;
        await until(async () => expect(written).toBeGreaterThan(goal));
      };
      const readAll = async () => {
        for (const author of authors) {
          const { seq } = await author.say('marker', { room_id: 1 });
          await Promise.all(replicas.map((replica, n) => replica.readTo(readers[n]!, seq)));
        }
      };

      await writtenSince(20);
      await redis.kill();
      await expectReadiness(nodes, { http: 200, status: 'degraded', broker: 'down' });
      await writtenSince(20);
      await readAll();
      await redis.revive();
      await expectReadiness(nodes, { http: 200, status: 'ready' });
      await writtenSince(20);
      isWriting = false;
      await Promise.all(writing);
      await readAll();

      const log = await wholeLog(ada, 1);
      expect(log.map(({ id, seq }) => [id, seq])).toEqual(oneTo(log.length).map((n) => [n, n]));
      for (const replica of replicas) replica.mustAgreeWith(log);
      const heard = await announcedChanges(nodes.b);
      await until(async () => {
        await authors[0]!.say('over Redis again', { room_id: 1 });
        expect(await announcedChanges(nodes.b)).toBeGreaterThan(heard);
      });
      for (const socket of [...readers, ...authors]) await socket.close();
    });

    it('make nobody wait for a frozen Redis, and carry everything, before anybody has noticed', async () => {
      const { body: room } = await ada.post<Room>('/rooms', { name: 'In the frost' });

      redis.freeze();
      const reader = await ChatSocket.open(nodes.a, ada, { path: `/${room.id}` });
      const replica = new RoomReplica(room.id);
      await replica.readAnswer(reader);
      const author = await ChatSocket.open(nodes.b, bob, { path: `/${room.id}` });
      const { seq } = await author.say('cold here');
      await replica.readTo(reader, seq);

      replica.mustAgreeWith(await wholeLog(ada, room.id));
      await Promise.all([reader.close(), author.close()]);
    });
  });

  describe('with limits', () => {
    let nodes: TwoNodes;

    beforeAll(async () => {
      nodes = await startTwoNodes({
        redis: aRedisConfig(redis.url, { prefix: 'limits' }),
        rateLimitsEnabled: true,
        authAttemptsPerAccount: 4,
        // Hours: nothing is refilled while the tests run.
        authWindowSeconds: 3600,
        limits: { ...aTestConfig().limits, rate_window_seconds: 3600 },
      });
    });
    afterAll(() => nodes.stop());

    it('count the messages of a user in a room over both', async () => {
      const ada = await aPerson(nodes.a, 'Ada');
      const [here, there] = [
        await ChatSocket.open(nodes.a, ada),
        await ChatSocket.open(nodes.b, at(nodes.b, ada)),
      ];
      const send = async (socket: ChatSocket, count: number) =>
        codes(
          await burst(
            socket,
            times(count, (n) => ({ type: 'message', room_id: 1, content: `${n}` })),
          ),
        );

      const answers = await send(here, 21);
      // The other node hears of these with its first entry.
      let admittedThere = 0;
      while ((await send(there, 1))[0] === 'ack') admittedThere++;

      expect(answers).toEqual([...times(20, () => 'ack'), 'rate_limited']);
      // By itself it would admit 20.
      expect(admittedThere).toBeLessThan(20);
      await Promise.all([here.close(), there.close()]);
    });

    it('count the logins at an account over both', async () => {
      const [here, there] = [new AccountClient(nodes.a), new AccountClient(nodes.b)];
      await here.register('bob');
      const guess = (client: AccountClient) =>
        client.call('POST', '/auth/login', { json: { username: 'bob', password: 'wrong guess' } });

      const answers = [];
      for (const client of [here, there, here, there, here, there])
        answers.push((await guess(client)).status);

      expect(answers).toEqual([401, 401, 401, 401, 429, 429]);
    });
  });
});

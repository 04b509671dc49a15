import { PostgresBroker } from '../../../src/broker/postgres-broker';
import { SystemClock } from '../../../src/common/clock';
import { BrokerNode } from '../../support/broker-node';
import { DatabaseProxy } from '../../support/database-proxy';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const ROOM = { roomId: 7 };
const IMPATIENT = { everyMs: 200, unansweredMax: 3 };

describe('PostgresBroker', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let nodes: BrokerNode[];

  beforeEach(async () => {
    database = await createTestDatabase('empty');
    proxy = await DatabaseProxy.start(database.url);
    nodes = [];
  });
  afterEach(async () => {
    await Promise.all(nodes.map(({ broker }) => broker.stop()));
    proxy.stop();
    await database.drop();
  });

  function aNode(url = database.url): BrokerNode {
    const config = aTestConfig({ databaseUrl: url });
    const node = new BrokerNode(new PostgresBroker(config, new SystemClock(), IMPATIENT));
    nodes.push(node);
    return node;
  }

  it('finds that its subscription is dead, though nobody told it, and takes another', async () => {
    const [ada, bob] = [aNode(), aNode(proxy.url)];
    await Promise.all([ada.start(), bob.start()]);
    await bob.broker.subscribe(ROOM.roomId);

    proxy.stallListeners();
    await bob.wentDown();
    await bob.isUp();

    await bob.hearsSome(() => ada.broker.publish(ROOM, 'again'), 'again');
    expect(ada.states).toEqual([true]);
  });

  it('starts while PostgreSQL cannot be reached, and is there as soon as it can', async () => {
    proxy.refuse();
    const node = aNode(proxy.url);

    const started = node.start();
    await node.broker.subscribe(ROOM.roomId);
    proxy.accept();
    await started;
    await node.isUp();

    await node.hearsSome(() => node.broker.publish(ROOM, 'an echo'), 'an echo');
  });

  it('drops what is published while more waits than PostgreSQL could take in time', async () => {
    const [ada, bob] = [aNode(), aNode()];
    await Promise.all([ada.start(), bob.start()]);
    await bob.broker.subscribe(ROOM.roomId);

    for (let n = 1; n <= 12_000; n++) ada.broker.publish(ROOM, `${n}`);
    await bob.hears('9000');
    await bob.hearsSome(() => ada.broker.publish(ROOM, 'after it'), 'after it');

    expect(bob.payloads).not.toContain('11000');
    expect(bob.payloads).not.toContain('12000');
  });

  it('listens, on a new connection, to thousands of rooms as to one', async () => {
    const [ada, bob] = [aNode(), aNode(proxy.url)];
    await Promise.all([ada.start(), bob.start()]);
    const rooms = Array.from({ length: 3000 }, (_, index) => index + 1);
    await Promise.all(rooms.map((roomId) => bob.broker.subscribe(roomId)));

    proxy.cutListeners();
    await bob.wentDown();
    await bob.isUp();
    for (const roomId of [1, 1500, 3000]) ada.broker.publish({ roomId }, `to ${roomId}`);

    for (const roomId of [1, 1500, 3000]) await bob.hears(`to ${roomId}`);
  });
});

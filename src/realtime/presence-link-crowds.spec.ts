import type { OnFakeSocket } from '../../test/support/a-connection';
import { listed, PresenceNodes } from '../../test/support/presence-nodes';
import {
  forget,
  GRACE_MS,
  INTERVAL_MS,
  person,
  ROOM,
  told,
  USERS_MAX,
} from '../../test/support/presence-stage';
import { CloseCode } from '../protocol/close-codes';

describe('a crowd over several nodes', () => {
  let nodes: PresenceNodes;

  beforeEach(() => {
    nodes = new PresenceNodes();
  });

  it('counts alike on all nodes where one has more users than are listed', async () => {
    const all = await nodes.start('a', 'b', 'c');
    for (let id = 1; id <= USERS_MAX + 1; id++) await all[0].enter(id);
    await all[1].enter(1);
    await all[1].enter(9);
    await all[2].enter(9);
    await nodes.goOn(2 * INTERVAL_MS);

    // The one who is on the crowded node and on another counts twice.
    for (const node of all) expect(await node.present()).toEqual({ count: USERS_MAX + 3 });
  });

  it('counts exactly where all nodes together have more users than are listed, but none of them has', async () => {
    const all = await nodes.start('a', 'b');
    for (const id of [1, 2, 3]) await all[0].enter(id);
    for (const id of [3, 4, 5]) await all[1].enter(id);
    await nodes.goOn(2 * INTERVAL_MS);

    for (const node of all) expect(await node.present()).toEqual({ count: 5 });
  });

  it('lists everybody again, on all nodes, when the crowd has gone', async () => {
    const all = await nodes.start('a', 'b');
    const crowd: OnFakeSocket[] = [];
    for (let id = 1; id <= USERS_MAX + 1; id++) crowd.push(await all[0].enter(id));
    const watcher = await all[1].enter(9);
    await nodes.goOn(2 * INTERVAL_MS);

    for (const { connection } of crowd.slice(2)) connection.detach();
    await nodes.goOn(GRACE_MS + 3 * INTERVAL_MS);

    expect(told(watcher).at(-1)).toMatchObject({
      count: 3,
      users: expect.arrayContaining([1, 2, 9].map(person)) as unknown,
    });
    for (const node of all) expect(await node.present()).toEqual(listed(1, 2, 9));
  });

  it('costs one announcement and one frame for all that changes within an interval', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const ada = await a.enter(1);
    await nodes.goOn(2 * INTERVAL_MS);
    const bob = await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada);
    const before = nodes.said('presence_change');

    await b.enter(3);
    await nodes.goOn(0);
    const first = nodes.said('presence_change') - before;
    const fourth = await b.enter(4);
    b.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    b.feeds.leave(fourth.connection, ROOM);
    await nodes.goOn(INTERVAL_MS);

    expect(bob.connection.readers.size).toBe(0);
    expect([first, nodes.said('presence_change') - before]).toEqual([1, 2]);
    expect(told(ada).length).toBeLessThanOrEqual(2);
  });

  it('costs nothing between nodes when everybody of a crowd reconnects to the same node', async () => {
    const [a, b] = await nodes.start('a', 'b');
    await b.enter(1000);
    const crowd = Array.from({ length: 500 }, (_, index) => index + 1);
    const clients: OnFakeSocket[] = [];
    for (const id of crowd) clients.push(await a.enter(id));
    await nodes.goOn(2 * INTERVAL_MS);
    const news = () => nodes.said('presence_change', 'presence_count', 'presence_list');
    const before = news();

    for (const { connection } of clients) connection.detach();
    await nodes.goOn(GRACE_MS / 2);
    for (const id of crowd) await a.enter(id);
    await nodes.goOn(2 * GRACE_MS);

    expect(news() - before).toBe(0);
  });
});

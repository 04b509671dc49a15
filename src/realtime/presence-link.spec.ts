import { listed, PresenceNodes } from '../../test/support/presence-nodes';
import { forget, GRACE_MS, INTERVAL_MS, person, ROOM, told } from '../../test/support/presence-stage';
import { CloseCode } from '../protocol/close-codes';

describe('presence over several nodes', () => {
  let nodes: PresenceNodes;

  beforeEach(() => {
    nodes = new PresenceNodes();
  });

  it('is the same on all nodes, with each user once, also where nobody reads the room', async () => {
    const all = await nodes.start('a', 'b', 'c');
    await all[0].enter(1);
    await all[0].enter(2);
    await all[1].enter(2);
    await all[1].enter(3);
    await nodes.goOn(2 * INTERVAL_MS);

    for (const node of all) expect(await node.present()).toEqual(listed(1, 2, 3));
  });

  it('tells the readers of one node who came and went on another', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const ada = await a.enter(1);
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada);

    const bob = await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);
    bob.connection.detach();
    await nodes.goOn(GRACE_MS + 2 * INTERVAL_MS);

    expect(told(ada)).toEqual([
      { count: 2, joined: [person(2)] },
      { count: 1, left: [person(2)] },
    ]);
  });

  it('shows the first reader of a node everybody, once the others have answered', async () => {
    const [a, b] = await nodes.start('a', 'b');
    await a.enter(1);
    await nodes.goOn(2 * INTERVAL_MS);

    const bob = await b.enter(2);
    const atOnce = told(bob);
    await nodes.goOn(0);

    expect(atOnce).toEqual([]);
    expect(told(bob).map(({ users }) => users?.map(({ id }) => id).toSorted())).toEqual([[1, 2]]);
  });

  it('says nothing of someone who reconnects to another node within the grace', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const [ada, bob] = [await a.enter(1), await b.enter(2)];
    const carol = await a.enter(3);
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada, bob);

    carol.connection.detach();
    await nodes.goOn(GRACE_MS / 2);
    await b.enter(3);
    await nodes.goOn(3 * GRACE_MS);

    expect([told(ada), told(bob)]).toEqual([[], []]);
    for (const node of [a, b]) expect(await node.present()).toEqual(listed(1, 2, 3));
  });

  it('says nothing of those who come back from a node that says goodbye', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const [ada] = [await a.enter(1), await b.enter(2), await b.enter(3)];
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada);

    await b.link.stop();
    b.others.stop();
    await nodes.goOn(GRACE_MS / 2);
    await a.enter(2);
    await nodes.goOn(GRACE_MS);

    expect(told(ada)).toEqual([{ count: 2, left: [person(3)] }]);
    expect(await a.present()).toEqual(listed(1, 2));
  });

  it('forgets at once, on every node, who lost the room', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const ada = await a.enter(1);
    await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada);

    b.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    await nodes.goOn(2 * INTERVAL_MS);

    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
  });

  it('follows a new name', async () => {
    const [a, b] = await nodes.start('a', 'b');
    await a.enter(1);
    await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);

    b.feeds.renameUser(2, 'countess');
    await nodes.goOn(2 * INTERVAL_MS);

    expect((await a.present()).users).toContainEqual({ id: 2, username: 'countess' });
  });

  it('says nothing to anybody while no other node is there', async () => {
    const a = await nodes.node('a');
    await a.enter(1);
    await nodes.goOn(30_000);

    expect(new Set(nodes.announced())).toEqual(new Set(['hello']));
  });

  it('lets go of a room that somebody only asked for', async () => {
    const [a, b] = await nodes.start('a', 'b');
    await a.enter(1);
    await nodes.goOn(2 * INTERVAL_MS);

    const state = await b.present();
    const during = b.broker.rooms.has(ROOM);
    await nodes.goOn(20_000);

    expect(state).toEqual(listed(1));
    expect([during, b.broker.rooms.has(ROOM), b.presence.followedIds()]).toEqual([true, false, []]);
  });
});

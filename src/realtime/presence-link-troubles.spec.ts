import type { OnFakeSocket } from '../../test/support/a-connection';
import { listed, type PresenceNode, PresenceNodes } from '../../test/support/presence-nodes';
import { forget, INTERVAL_MS, person, ROOM, told, USERS_MAX } from '../../test/support/presence-stage';
import { itBySeed } from '../../test/support/seeded';
import type { Announcement } from './broker/announcement';

describe('presence over nodes that miss something of each other', () => {
  let nodes: PresenceNodes;

  beforeEach(() => {
    nodes = new PresenceNodes();
  });

  it('shows the first reader of a node what is known when another does not answer', async () => {
    const [a, b] = await nodes.start('a', 'b');
    a.die();

    const bob = await b.enter(2);
    await nodes.goOn(INTERVAL_MS);

    expect(told(bob)[0]).toEqual(listed(2));
  });

  it('keeps nobody waiting for the answer of a node that has gone meanwhile', async () => {
    const [a] = await nodes.start('a', 'b');
    nodes.carrier.onDelivery = () => undefined;
    const ada = await a.enter(1);
    await nodes.goOn(0);
    const before = told(ada);

    nodes.carrier.onDelivery = (deliver) => deliver();
    nodes.sayAs('b', { type: 'bye' }, 'nodes');
    await nodes.goOn(0);

    expect(before).toEqual([]);
    expect(told(ada)).toEqual([listed(1)]);
  });

  it('forgets the users of a node that died, within thirty seconds', async () => {
    const [a, b] = await nodes.start('a', 'b');
    const [ada] = [await a.enter(1), await b.enter(2), await b.enter(1)];
    await nodes.goOn(2 * INTERVAL_MS);
    forget(ada);

    b.die();
    await nodes.goOn(30_000);

    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(await a.present()).toEqual(listed(1));
  });

  it('stops at the node’s edge while the broker is down, and is whole again when it is back', async () => {
    const all = await nodes.start('a', 'b');
    const [a, b] = all;
    const ada = await a.enter(1);
    await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);

    for (const { broker } of all) broker.goDown();
    await nodes.goOn(30_000);
    const apart = [await a.present(), await b.present()];
    await b.enter(3);
    await nodes.goOn(2 * INTERVAL_MS);
    for (const { broker } of all) broker.comeBack();
    await nodes.goOn(5 * INTERVAL_MS);

    expect(apart).toEqual([listed(1), listed(2)]);
    for (const node of all) expect(await node.present()).toEqual(listed(1, 2, 3));
    expect(told(ada).at(-1)).toMatchObject({ count: 3, joined: [person(2), person(3)] });
  });

  it('finds out about a change whose announcement was lost', async () => {
    const [a, b] = await nodes.start('a', 'b');
    await a.enter(1);
    await b.enter(2);
    await nodes.goOn(2 * INTERVAL_MS);

    nodes.carrier.onDelivery = () => undefined;
    await b.enter(3);
    await nodes.goOn(2 * INTERVAL_MS);
    nodes.carrier.onDelivery = (deliver) => deliver();
    await nodes.goOn(10 * INTERVAL_MS);

    expect(await a.present()).toEqual(listed(1, 2, 3));
  });

  itBySeed('agrees in the end, whatever is lost, doubled or late', async (random) => {
    const all = await nodes.start('a', 'b', 'c');
    const inRoom = new Map<OnFakeSocket, PresenceNode>();
    const held: (() => void)[] = [];
    nodes.carrier.onDelivery = (deliver) => {
      const fate = random.below(10);
      if (fate === 0) return;
      if (fate === 1) deliver();
      if (fate === 2) held.push(deliver);
      else deliver();
    };

    for (let step = 0; step < 60; step++) {
      const node = all[random.below(3)]!;
      const [leaver] = inRoom.keys();
      if (leaver && random.below(2) === 0) {
        leaver.connection.detach();
        inRoom.delete(leaver);
      } else {
        inRoom.set(await node.enter(1 + random.below(8)), node);
      }
      await nodes.goOn(random.below(4) * INTERVAL_MS);
      for (const deliver of held.splice(0, random.below(3))) deliver();
    }
    // Whatever the chances: somebody is there in the end.
    inRoom.set(await all[0].enter(9), all[0]);
    nodes.carrier.onDelivery = (deliver) => deliver();
    for (const deliver of held.splice(0)) deliver();
    await nodes.goOn(60_000, 1000);

    const states = await Promise.all(all.map((node) => node.present()));
    const users = new Map<PresenceNode, Set<number>>(all.map((node) => [node, new Set()]));
    for (const [{ connection }, node] of inRoom) users.get(node)!.add(connection.principal.userId);
    const expected = new Set([...users.values()].flatMap((ids) => [...ids]));
    expect(expected.size).toBeGreaterThan(0);
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    if (states[0]!.users)
      expect(states[0]!.users.map(({ id }) => id)).toEqual([...expected].toSorted((x, y) => x - y));
  });

  describe('what a stranger announces', () => {
    const crowd = Array.from({ length: USERS_MAX + 1 }, (_, index) => [index + 1, 'x'] as const);

    it.each<[string, Announcement]>([
      [
        'of a room that nobody follows',
        { type: 'presence_list', room_id: 999, rev: 1, part: 0, parts: 1, users: [[7, 'x']] },
      ],
      [
        'a difference to nothing known',
        { type: 'presence_change', room_id: ROOM, base: 5, rev: 6, came: [[7, 'x']], gone: [1] },
      ],
      [
        'a list that never ends',
        { type: 'presence_list', room_id: ROOM, rev: 1, part: 0, parts: 100, users: [[7, 'x']] },
      ],
    ])('%s changes nothing', async (_, announcement) => {
      const a = await nodes.node('a');
      await a.enter(1);

      nodes.sayAs('stranger', announcement, { roomId: ROOM });
      await nodes.goOn(2 * INTERVAL_MS);

      expect(await a.present()).toEqual(listed(1));
      expect(a.presence.followedIds()).toEqual([ROOM]);
    });

    it('more users than are listed are counted, and forgotten when nobody repeats it', async () => {
      const a = await nodes.node('a');
      const ada = await a.enter(1);

      nodes.sayAs(
        'stranger',
        { type: 'presence_list', room_id: ROOM, rev: 1, part: 0, parts: 1, users: crowd },
        { roomId: ROOM },
      );
      await nodes.goOn(2 * INTERVAL_MS);
      const during = await a.present();
      await nodes.goOn(40_000);

      expect(during).toEqual({ count: crowd.length + 1 });
      expect(told(ada).at(-1)).toEqual(listed(1));
    });

    it('a wish for the whole, however often, is granted once an interval', async () => {
      const [a] = await nodes.start('a', 'b');
      await a.enter(1);
      await nodes.goOn(2 * INTERVAL_MS);
      const before = nodes.said('presence_list');

      for (let i = 0; i < 100; i++) {
        nodes.sayAs('b', { type: 'presence_wanted', room_ids: [ROOM], of: 'a' }, 'nodes');
        await nodes.goOn(INTERVAL_MS / 20);
      }

      const granted = nodes.said('presence_list') - before;
      expect(granted).toBeGreaterThan(1);
      expect(granted).toBeLessThanOrEqual(7);
    });
  });
});

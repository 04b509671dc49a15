import { aConnection, aPrincipal, type OnFakeSocket } from '../../test/support/a-connection';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import { MemoryCarrier } from '../../test/support/memory-broker';
import { itBySeed } from '../../test/support/seeded';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';
import type { PresenceData } from '../protocol/frames';
import type { PresenceState } from '../protocol/models';
import { decodeAnnouncement, encodeAnnouncement } from './broker/announcement-codec';
import type { Announcement } from './broker/announcement';
import { NodeLink } from './broker/node-link';
import { RoomSubscriptions } from './broker/room-subscriptions';
import { Presence } from './presence';
import { PresenceLink } from './presence-link';
import { RoomFeeds } from './room-feeds';

const INTERVAL_MS = 1000;
const GRACE_MS = 10_000;
const USERS_MAX = 4;
const ROOM = 1;

describe('presence over several nodes', () => {
  let clock: ManualClock;
  let carrier: MemoryCarrier;
  let log: FakeRoomLog;

  beforeEach(() => {
    clock = new ManualClock();
    carrier = new MemoryCarrier();
    log = new FakeRoomLog(ROOM, 2);
  });

  async function aNode(nodeId: string) {
    const broker = carrier.broker();
    const events = { published: noop, received: noop, dropped: noop, brokerChanged: noop };
    const failed = (error: unknown) => {
      throw error;
    };
    const link = new NodeLink(nodeId, broker, clock, { ...events, failed });
    const others = new PresenceLink(link, new RoomSubscriptions(broker, clock), clock, {
      intervalMs: INTERVAL_MS,
      graceMs: GRACE_MS,
    });
    const presence = new Presence(
      clock,
      { usersMax: USERS_MAX, intervalMs: INTERVAL_MS, graceMs: GRACE_MS },
      others,
    );
    const feeds = new RoomFeeds(log, clock, {
      pageSize: 3,
      resumeMaxChanges: 10,
      changesPageSize: 4,
      watcher: presence,
    });
    others.serve(presence);
    await link.start();
    const enter = async (userId: number, roomId = ROOM): Promise<OnFakeSocket> => {
      const client = aConnection({ principal: aPrincipal({ userId, username: `user-${userId}` }) });
      await feeds.join(client.connection, roomId, {});
      presence.enter(client.connection, roomId);
      return client;
    };
    const of = async (roomId = ROOM): Promise<PresenceState> => {
      const state = presence.of(roomId);
      await goOn(0);
      if (state instanceof Promise) await goOn(INTERVAL_MS);
      return state;
    };
    /** As a process that is killed: nothing more is heard of it. */
    const die = () => {
      others.stop();
      carrier.brokers.delete(broker);
      broker.goDown();
    };
    return { nodeId, broker, link, others, presence, feeds, enter, of, die };
  }

  type Node = Awaited<ReturnType<typeof aNode>>;

  async function nodes(...nodeIds: string[]): Promise<Node[]> {
    const all: Node[] = [];
    for (const nodeId of nodeIds) all.push(await aNode(nodeId));
    return all;
  }

  /** Moves the time in steps, so that what is set off at one moment has its say at the next. */
  async function goOn(byMs: number, stepMs = 500): Promise<void> {
    for (let left = byMs; left >= 0; left -= stepMs) {
      await settled();
      clock.advance(Math.min(stepMs, left));
    }
    await settled();
  }

  const person = (id: number) => ({ id, username: `user-${id}` });
  const byId = (state: PresenceState) => ({ ...state, users: state.users?.toSorted((a, b) => a.id - b.id) });
  const listed = (...ids: number[]) => ({ count: ids.length, users: ids.map(person) });
  const told = ({ socket }: OnFakeSocket): Omit<PresenceData, 'room_id'>[] =>
    socket.framesOf('presence').map(({ data: { room_id: _, ...data } }) => data);
  const forget = (...clients: OnFakeSocket[]) => {
    for (const { socket } of clients) socket.frames.length = 0;
  };
  const said = (type: Announcement['type']) =>
    carrier.published.filter(({ payload }) => decodeAnnouncement(payload)?.announcement.type === type);
  const asNode = (nodeId: string, announcement: Announcement, topic: 'nodes' | { roomId: number }) =>
    carrier.publish(topic, encodeAnnouncement(nodeId, announcement));

  it('is the same on all nodes, with each user once, also where nobody reads the room', async () => {
    const all = await nodes('a', 'b', 'c');
    await all[0]!.enter(1);
    await all[0]!.enter(2);
    await all[1]!.enter(2);
    await all[1]!.enter(3);
    await goOn(2 * INTERVAL_MS);

    for (const node of all) expect(byId(await node.of())).toEqual(listed(1, 2, 3));
  });

  it('tells the readers of one node who came and went on another', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const ada = await a.enter(1);
    await goOn(2 * INTERVAL_MS);
    forget(ada);

    const bob = await b.enter(2);
    await goOn(2 * INTERVAL_MS);
    bob.connection.detach();
    await goOn(GRACE_MS + 2 * INTERVAL_MS);

    expect(told(ada)).toEqual([
      { count: 2, joined: [person(2)] },
      { count: 1, left: [person(2)] },
    ]);
  });

  it('shows the first reader of a node everybody, once the others have answered', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    await a.enter(1);
    await goOn(2 * INTERVAL_MS);

    const bob = await b.enter(2);
    const atOnce = told(bob);
    await goOn(0);

    expect(atOnce).toEqual([]);
    expect(told(bob).map(({ users }) => users?.map(({ id }) => id).toSorted())).toEqual([[1, 2]]);
  });

  it('shows the first reader of a node what is known when another does not answer', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    a.die();

    const bob = await b.enter(2);
    await goOn(INTERVAL_MS);

    expect(told(bob)[0]).toEqual(listed(2));
  });

  it('says nothing of someone who reconnects to another node within the grace', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const [ada, bob] = [await a.enter(1), await b.enter(2)];
    const carol = await a.enter(3);
    await goOn(2 * INTERVAL_MS);
    forget(ada, bob);

    carol.connection.detach();
    await goOn(GRACE_MS / 2);
    await b.enter(3);
    await goOn(3 * GRACE_MS);

    expect([told(ada), told(bob)]).toEqual([[], []]);
    for (const node of [a, b]) expect(byId(await node.of())).toEqual(listed(1, 2, 3));
  });

  it('says nothing of those who come back from a node that says goodbye', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const [ada] = [await a.enter(1), await b.enter(2), await b.enter(3)];
    await goOn(2 * INTERVAL_MS);
    forget(ada);

    await b.link.stop();
    b.others.stop();
    await goOn(GRACE_MS / 2);
    await a.enter(2);
    await goOn(GRACE_MS);

    expect(told(ada)).toEqual([{ count: 2, left: [person(3)] }]);
    expect(byId(await a.of())).toEqual(listed(1, 2));
  });

  it('forgets the users of a node that died, within thirty seconds', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const [ada] = [await a.enter(1), await b.enter(2), await b.enter(1)];
    await goOn(2 * INTERVAL_MS);
    forget(ada);

    b.die();
    await goOn(30_000);

    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
    expect(await a.of()).toEqual(listed(1));
  });

  it('stops at the node’s edge while the broker is down, and is whole again when it is back', async () => {
    const all = (await nodes('a', 'b')) as [Node, Node];
    const [a, b] = all;
    const ada = await a.enter(1);
    await b.enter(2);
    await goOn(2 * INTERVAL_MS);

    for (const { broker } of all) broker.goDown();
    await goOn(30_000);
    const apart = [await a.of(), await b.of()];
    await b.enter(3);
    await goOn(2 * INTERVAL_MS);
    for (const { broker } of all) broker.comeBack();
    await goOn(5 * INTERVAL_MS);

    expect(apart).toEqual([listed(1), listed(2)]);
    for (const node of all) expect(byId(await node.of())).toEqual(listed(1, 2, 3));
    expect(told(ada).at(-1)).toMatchObject({ count: 3, joined: [person(2), person(3)] });
  });

  it('finds out about a change whose announcement was lost', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    await a.enter(1);
    await b.enter(2);
    await goOn(2 * INTERVAL_MS);

    carrier.onDelivery = () => undefined;
    await b.enter(3);
    await goOn(2 * INTERVAL_MS);
    carrier.onDelivery = (deliver) => deliver();
    await goOn(10 * INTERVAL_MS);

    expect(byId(await a.of())).toEqual(listed(1, 2, 3));
  });

  it('forgets at once, on every node, who lost the room', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const ada = await a.enter(1);
    await b.enter(2);
    await goOn(2 * INTERVAL_MS);
    forget(ada);

    b.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    await goOn(2 * INTERVAL_MS);

    expect(told(ada)).toEqual([{ count: 1, left: [person(2)] }]);
  });

  it('follows a new name', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    await a.enter(1);
    await b.enter(2);
    await goOn(2 * INTERVAL_MS);

    b.feeds.renameUser(2, 'countess');
    await goOn(2 * INTERVAL_MS);

    expect((await a.of()).users).toContainEqual({ id: 2, username: 'countess' });
  });

  it('counts alike on all nodes where one has more users than are listed', async () => {
    const all = await nodes('a', 'b', 'c');
    for (let id = 1; id <= USERS_MAX + 1; id++) await all[0]!.enter(id);
    await all[1]!.enter(1);
    await all[1]!.enter(9);
    await all[2]!.enter(9);
    await goOn(2 * INTERVAL_MS);

    // The one who is on the crowded node and on another counts twice.
    for (const node of all) expect(await node.of()).toEqual({ count: USERS_MAX + 3 });
  });

  it('counts exactly where all nodes together have more users than are listed, but none of them has', async () => {
    const all = await nodes('a', 'b');
    for (const id of [1, 2, 3]) await all[0]!.enter(id);
    for (const id of [3, 4, 5]) await all[1]!.enter(id);
    await goOn(2 * INTERVAL_MS);

    for (const node of all) expect(await node.of()).toEqual({ count: 5 });
  });

  it('lists everybody again, on all nodes, when the crowd has gone', async () => {
    const all = await nodes('a', 'b');
    const crowd: OnFakeSocket[] = [];
    for (let id = 1; id <= USERS_MAX + 1; id++) crowd.push(await all[0]!.enter(id));
    const watcher = await all[1]!.enter(9);
    await goOn(2 * INTERVAL_MS);

    for (const { connection } of crowd.slice(2)) connection.detach();
    await goOn(GRACE_MS + 3 * INTERVAL_MS);

    expect(told(watcher).at(-1)).toMatchObject({
      count: 3,
      users: expect.arrayContaining([1, 2, 9].map(person)) as unknown,
    });
    for (const node of all) expect(byId(await node.of())).toEqual(listed(1, 2, 9));
  });

  it('costs one announcement and one frame for all that changes within an interval', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    const ada = await a.enter(1);
    await goOn(2 * INTERVAL_MS);
    const bob = await b.enter(2);
    await goOn(2 * INTERVAL_MS);
    forget(ada);
    const before = said('presence_change').length;

    await b.enter(3);
    await goOn(0);
    const first = said('presence_change').length - before;
    const fourth = await b.enter(4);
    b.feeds.removeUser(ROOM, 2, CloseCode.Forbidden, 'removed');
    b.feeds.leave(fourth.connection, ROOM);
    await goOn(INTERVAL_MS);

    expect(bob.connection.readers.size).toBe(0);
    expect([first, said('presence_change').length - before]).toEqual([1, 2]);
    expect(told(ada).length).toBeLessThanOrEqual(2);
  });

  it('costs nothing between nodes when everybody of a crowd reconnects to the same node', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    await b.enter(1000);
    const crowd = Array.from({ length: 500 }, (_, index) => index + 1);
    const clients: OnFakeSocket[] = [];
    for (const id of crowd) clients.push(await a.enter(id));
    await goOn(2 * INTERVAL_MS);
    const news = () =>
      said('presence_change').length + said('presence_count').length + said('presence_list').length;
    const before = news();

    for (const { connection } of clients) connection.detach();
    await goOn(GRACE_MS / 2);
    for (const id of crowd) await a.enter(id);
    await goOn(2 * GRACE_MS);

    expect(news() - before).toBe(0);
  });

  it('says nothing to anybody while no other node is there', async () => {
    const a = await aNode('a');
    await a.enter(1);
    await goOn(30_000);

    expect(
      new Set(carrier.published.map(({ payload }) => decodeAnnouncement(payload)?.announcement.type)),
    ).toEqual(new Set(['hello']));
  });

  it('lets go of a room that somebody only asked for', async () => {
    const [a, b] = (await nodes('a', 'b')) as [Node, Node];
    await a.enter(1);
    await goOn(2 * INTERVAL_MS);

    const state = await b.of();
    const during = b.broker.rooms.has(ROOM);
    await goOn(20_000);

    expect(state).toEqual(listed(1));
    expect([during, b.broker.rooms.has(ROOM), b.presence.followedIds()]).toEqual([true, false, []]);
  });

  itBySeed('agrees in the end, whatever is lost, doubled or late', async (random) => {
    const all = await nodes('a', 'b', 'c');
    const inRoom = new Map<OnFakeSocket, Node>();
    const held: (() => void)[] = [];
    carrier.onDelivery = (deliver) => {
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
      await goOn(random.below(4) * INTERVAL_MS);
      for (const deliver of held.splice(0, random.below(3))) deliver();
    }
    carrier.onDelivery = (deliver) => deliver();
    for (const deliver of held.splice(0)) deliver();
    await goOn(60_000, 1000);

    const states = await Promise.all(all.map((node) => node.of().then(byId)));
    const users = new Map<Node, Set<number>>(all.map((node) => [node, new Set()]));
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
      const a = await aNode('a');
      await a.enter(1);

      asNode('stranger', announcement, { roomId: ROOM });
      await goOn(2 * INTERVAL_MS);

      expect(await a.of()).toEqual(listed(1));
      expect(a.presence.followedIds()).toEqual([ROOM]);
    });

    it('more users than are listed are counted, and forgotten when nobody repeats it', async () => {
      const a = await aNode('a');
      const ada = await a.enter(1);

      asNode(
        'stranger',
        { type: 'presence_list', room_id: ROOM, rev: 1, part: 0, parts: 1, users: crowd },
        { roomId: ROOM },
      );
      await goOn(2 * INTERVAL_MS);
      const during = await a.of();
      await goOn(40_000);

      expect(during).toEqual({ count: crowd.length + 1 });
      expect(told(ada).at(-1)).toEqual(listed(1));
    });

    it('a wish for the whole, however often, is granted once an interval', async () => {
      const [a] = (await nodes('a', 'b')) as [Node, Node];
      await a.enter(1);
      await goOn(2 * INTERVAL_MS);
      const before = said('presence_list').length;

      for (let i = 0; i < 100; i++) {
        asNode('b', { type: 'presence_wanted', room_ids: [ROOM], of: 'a' }, 'nodes');
        await goOn(INTERVAL_MS / 20);
      }

      const granted = said('presence_list').length - before;
      expect(granted).toBeGreaterThan(1);
      expect(granted).toBeLessThanOrEqual(7);
    });
  });
});

function noop(): void {}

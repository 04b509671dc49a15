import { aConnection, aPrincipal } from '../../../test/support/a-connection';
import { aDraft } from '../../../test/support/a-message';
import { FakeRoomLog } from '../../../test/support/fake-room-log';
import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryCarrier } from '../../../test/support/memory-broker';
import { settled } from '../../../test/support/turns';
import { CloseCode } from '../../protocol/close-codes';
import { RoomFeeds } from '../room-feeds';
import { FeedLink } from './feed-link';
import { NodeLink } from './node-link';
import { RoomSubscriptions } from './room-subscriptions';

const SILENT = {
  published: () => undefined,
  received: () => undefined,
  dropped: () => undefined,
  failed: (error: unknown) => {
    throw error;
  },
  brokerChanged: () => undefined,
};

/** Two nodes' feeds on one log, with everything between them but a database and a network. */
describe('feeds of two nodes', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let carrier: MemoryCarrier;
  let a: Awaited<ReturnType<typeof aNode>>;
  let b: Awaited<ReturnType<typeof aNode>>;

  beforeEach(async () => {
    log = new FakeRoomLog(1, 2);
    clock = new ManualClock();
    carrier = new MemoryCarrier();
    a = await aNode('a');
    b = await aNode('b');
  });

  async function aNode(nodeId: string) {
    const broker = carrier.broker();
    const link = new NodeLink(nodeId, broker, clock, SILENT);
    const rooms = new RoomSubscriptions(broker, clock);
    const others = new FeedLink(link, rooms, log, clock, SILENT.failed);
    const feeds = new RoomFeeds(log, clock, {
      pageSize: 3,
      resumeMaxChanges: 10,
      changesPageSize: 4,
      others,
    });
    others.serve(feeds);
    await link.start();
    return { broker, link, feeds, rooms };
  }

  async function aReaderOn(node: typeof a, init: Parameters<typeof aConnection>[0] = {}, roomId = 1) {
    const reader = aConnection(init);
    await node.feeds.join(reader.connection, roomId, {});
    await settled();
    reader.socket.frames.length = 0;
    return reader;
  }

  /** Time goes by, with what it sets off. */
  async function pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 50) {
      clock.advance(50);
      await settled();
    }
  }

  const commitOn = (node: typeof a, count = 1) => {
    node.feeds.offer(log.commit(...Array.from({ length: count }, () => aDraft())));
  };

  it('show each other’s changes live, without reading the log again', async () => {
    const { socket } = await aReaderOn(b);
    const readsBefore = log.reads.calls;

    commitOn(a, 2);
    commitOn(a);
    await settled();

    expect(socket.framesOf('message').map(({ data }) => data.seq)).toEqual([1, 2, 3]);
    expect(log.reads.calls).toBe(readsBefore);
  });

  it('show each other what is in no log, but not to whom it is not meant for', async () => {
    const ada = await aReaderOn(b, { principal: aPrincipal({ userId: 1 }) });
    const bob = await aReaderOn(b, { principal: aPrincipal({ userId: 2 }) });
    const data = { room_id: 1, user_id: 1, username: 'Ada', expires_in_ms: 1 };

    a.feeds.announce(1, { type: 'typing', data }, 1);

    expect(ada.socket.frames).toEqual([]);
    expect(bob.socket.frames).toEqual([{ type: 'typing', data }]);
  });

  it('send readers away on both', async () => {
    const ada = await aReaderOn(b, { principal: aPrincipal({ userId: 1 }), homeRoomId: 1 });
    const bob = await aReaderOn(b, { principal: aPrincipal({ userId: 2 }), homeRoomId: 1 });

    a.feeds.removeUser(1, 1, CloseCode.Forbidden, 'banned');
    expect([ada.connection.isClosed, bob.connection.isClosed]).toEqual([true, false]);
    a.feeds.closeRoom(1, { type: 'room_closed', data: { room_id: 1 } }, CloseCode.RoomClosed);
    expect(bob.connection.isClosed).toBe(true);
  });

  it('are subscribed to with the first reader, and let go a second after the last', async () => {
    const { connection: first } = await aReaderOn(b);
    const { connection: second } = await aReaderOn(b);
    b.feeds.leave(first, 1);
    clock.advance(5000);
    expect([...b.broker.rooms]).toEqual([1]);

    b.feeds.leave(second, 1);
    clock.advance(999);
    expect([...b.broker.rooms]).toEqual([1]);
    clock.advance(1);

    expect([...b.broker.rooms]).toEqual([]);
    expect(b.rooms.count).toBe(0);
  });

  it('stay subscribed to for one who leaves and comes right back', async () => {
    const { connection } = await aReaderOn(b);
    b.feeds.leave(connection, 1);
    clock.advance(500);
    const { socket } = await aReaderOn(b);
    clock.advance(5000);
    await settled();

    commitOn(a);
    await settled();

    expect(socket.framesOf('message')).toHaveLength(1);
  });

  it('look into the log when a subscription begins: what came before it was not heard', async () => {
    const { connection } = await aReaderOn(b);
    b.feeds.leave(connection, 1);
    clock.advance(2000);
    commitOn(a, 2);
    await settled();

    const { connection: back, socket } = aConnection();
    await b.feeds.join(back, 1, {});
    await pass(50);

    expect(socket.frames[0]).toMatchObject({ type: 'messages_history', data: { last_seq: 0 } });
    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([2]);
  });

  it('find what was lost with the next sweep, and at once when the broker is back', async () => {
    const { socket } = await aReaderOn(b);
    carrier.onDelivery = () => undefined;
    commitOn(a);
    await pass(1000);
    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1]);

    b.broker.goDown();
    commitOn(a);
    b.broker.comeBack();
    await settled();
    await pass(50);

    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1, 2]);
  });

  it('leave to be announced what a sweep sees in the moment of its commit', async () => {
    const { socket } = await aReaderOn(b);
    const changes = log.commit(aDraft());
    const sweepsBefore = log.sweeps.calls;
    while (log.sweeps.calls === sweepsBefore) await pass(50);

    a.feeds.offer(changes);
    await settled();
    await pass(1000);

    expect(socket.frames.map(({ type }) => type)).toEqual(['message']);
  });

  it('believe the log, and not an announcement of what it does not have', async () => {
    const { socket } = await aReaderOn(b);

    b.feeds.hearOf(1, Number.MAX_SAFE_INTEGER);
    await settled();
    commitOn(a);
    await settled();

    expect(socket.frames.map(({ type }) => type)).toEqual(['message']);
  });

  it.each(['another life', 'a shorter one'])('begin anew when the log has %s', async (kind) => {
    commitOn(a, 5);
    const { connection, socket } = await aReaderOn(b);
    if (kind === 'another life') log.epoch = 'second-life';
    else log.forget(1);

    await pass(1000);

    expect(connection.isClosed).toBe(true);
    expect(socket.closed?.code).toBe(CloseCode.ServiceRestart);
    const { connection: back, socket: again } = aConnection();
    await b.feeds.join(back, 1, { afterSeq: 5, epoch: 'first-life' });
    expect(again.frames[0]).toMatchObject({ type: 'messages_history', data: { epoch: log.epoch } });
    expect(again.frames[0]).toHaveProperty('data.gap.from_seq', 1);
  });

  it('never hand on what is read of another log than they know', async () => {
    commitOn(a, 5);
    const { connection, socket } = await aReaderOn(b);
    log.epoch = 'second-life';

    b.feeds.hearOf(1, 7);
    await settled();

    expect(socket.frames).toEqual([]);
    expect(connection.isClosed).toBe(true);
  });
});

import { aConnection, type OnFakeSocket } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { ConnectionRegistry } from './connection-registry';
import { Drain } from './drain';
import { GroupCommit } from './group-commit';

const RESTARTING = { code: 1012, reason: 'restarting' };

describe('Drain', () => {
  let clock: ManualClock;
  let log: FakeRoomLog;
  let commits: GroupCommit;
  let connections: ConnectionRegistry;
  let drain: Drain;
  let isDone: boolean;

  beforeEach(() => {
    clock = new ManualClock();
    log = new FakeRoomLog(1);
    connections = new ConnectionRegistry();
    const ignore = () => undefined;
    commits = new GroupCommit(
      log,
      clock,
      { flushMaxDrafts: 100, flushAmpleDrafts: 100, queueMaxDrafts: 100, queueMaxMs: 4000 },
      { committed: ignore, doubted: ignore, flushed: ignore },
    );
    const randoms = [0, 0.5, 0.9999];
    drain = new Drain(connections, commits, clock, {
      timeoutMs: 10_000,
      random: () => randoms.shift() ?? 0,
    });
    isDone = false;
  });

  function anArrival(): OnFakeSocket {
    const open = aConnection();
    connections.add(open.connection);
    return open;
  }

  function anOpenConnection(): OnFakeSocket {
    const open = anArrival();
    open.connection.isGreeted = true;
    return open;
  }

  function start(): void {
    void drain.start().then(() => (isDone = true));
  }

  /** A message on its way: sent over the socket, answered once committed. */
  function send({ connection }: OnFakeSocket): void {
    connection.lane.push({
      isPipelined: true,
      bytes: 10,
      run: async () => {
        const committed = commits.append(aDraft());
        return { settling: committed.then(() => connection.send({ type: 'pong' })) };
      },
    });
  }

  it('tells from its first moment that the node takes no new work', () => {
    const before = drain.isDraining;

    start();

    expect([before, drain.isDraining]).toEqual([false, true]);
  });

  it('tells each client when to come back, at times that spread, and closes with 1012', async () => {
    const clients = [anOpenConnection(), anOpenConnection(), anOpenConnection()];

    start();
    await settled();

    const times = clients.map(({ socket }) => socket.framesOf('reconnect')[0]!.data.after_ms);
    expect(times).toEqual([0, 2500, 5000]);
    expect(clients.map(({ socket }) => socket.closed)).toEqual(Array(3).fill(RESTARTING));
    expect(isDone).toBe(true);
  });

  it('commits and acknowledges what was sent before it closes a socket', async () => {
    const client = anOpenConnection();
    log.appends.hold();
    send(client);
    start();
    await settled();
    const early = client.socket.closed;

    log.appends.open();
    await settled();

    expect(early).toBeNull();
    expect(log.end(1)).toBe(1);
    expect(client.socket.frames.map(({ type }) => type)).toEqual(['reconnect', 'pong']);
    expect(client.socket.closed).toEqual(RESTARTING);
  });

  it('answers whoever is arriving before it tells them to come back', async () => {
    const client = anArrival();
    log.appends.hold();
    send(client);
    start();
    await settled();
    const early = [...client.socket.frames];

    log.appends.open();
    await settled();

    expect(early).toEqual([]);
    expect(client.socket.frames.map(({ type }) => type)).toEqual(['pong', 'reconnect']);
    expect(client.socket.closed).toEqual(RESTARTING);
  });

  it('waits for commits that came over no socket', async () => {
    log.appends.hold();
    void commits.append(aDraft());
    start();
    await settled();
    const early = isDone;

    log.appends.open();
    await settled();

    expect([early, isDone]).toEqual([false, true]);
  });

  it('closes batch by batch', async () => {
    const clients = Array.from({ length: 450 }, anOpenConnection);
    const closed = () => clients.filter(({ socket }) => socket.closed).length;
    start();

    const counts: number[] = [];
    for (let batch = 0; batch < 3; batch++) {
      await settled();
      counts.push(closed());
      clock.advance(50);
    }
    await settled();

    expect(counts).toEqual([200, 400, 450]);
    expect(isDone).toBe(true);
  });

  it('lets no client that takes nothing hold up the others', async () => {
    const stuck = anOpenConnection();
    const others = Array.from({ length: 300 }, anOpenConnection);
    stuck.socket.stopTaking();
    for (let i = 0; i < 50; i++) stuck.connection.send({ type: 'pong', request_id: 'x'.repeat(60) });
    send(stuck);

    start();
    await settled();
    clock.advance(50);
    await settled();

    expect(others.filter(({ socket }) => socket.closed)).toHaveLength(300);
    expect(isDone).toBe(false);
  });

  it('is over when its time is up, whatever is left', async () => {
    log.appends.hold();
    send(anOpenConnection());
    start();
    await settled();

    clock.advance(9_999);
    await settled();
    const early = isDone;
    clock.advance(1);
    await settled();

    expect([early, isDone]).toEqual([false, true]);
  });

  it('happens once, however often it is asked for', async () => {
    const client = anOpenConnection();

    start();
    start();
    await settled();

    expect(client.socket.framesOf('reconnect')).toHaveLength(1);
  });
});

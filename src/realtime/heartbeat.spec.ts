import { aConnection, type OnFakeSocket } from '../../test/support/a-connection';
import { ManualClock } from '../../test/support/manual-clock';
import { ConnectionRegistry } from './connection-registry';
import type { ConnectionInit } from './connection';
import { Heartbeat } from './heartbeat';

const SECOND = 1000;
/** Of a frame that no test asks for. */
const GREETING = Buffer.alloc(0);

describe('Heartbeat', () => {
  let clock: ManualClock;
  let connections: ConnectionRegistry;
  let heartbeat: Heartbeat;

  beforeEach(() => {
    clock = new ManualClock();
    connections = new ConnectionRegistry();
    heartbeat = new Heartbeat(connections, clock, {
      intervalMs: 25 * SECOND,
      timeoutMs: 10 * SECOND,
      stuckMs: 30 * SECOND,
    });
    heartbeat.start();
  });

  /** A connection that the heartbeat has seen once. */
  function anOpenConnection(init: Partial<ConnectionInit> = {}): OnFakeSocket {
    const open = aConnection(init);
    connections.add(open.connection);
    open.connection.write(GREETING);
    pass(1);
    return open;
  }

  function pass(seconds: number): void {
    clock.advance(seconds * SECOND);
  }

  /** Each second, as long as `seconds`, the client does something. */
  function passWith(seconds: number, act: () => void): void {
    for (let second = 0; second < seconds; second++) {
      act();
      pass(1);
    }
  }

  const answers = ({ socket }: OnFakeSocket) => {
    socket.receivedBytes += 1;
  };

  describe('a peer that answers', () => {
    it('is pinged once in each interval, and left alone', () => {
      const peer = anOpenConnection();

      passWith(76, () => answers(peer));

      expect(peer.socket.pings).toBe(3);
      expect(peer.socket.isTerminated).toBe(false);
      expect(peer.socket.closed).toBeNull();
    });

    it('is not pinged before its time', () => {
      const peer = anOpenConnection();

      pass(24);

      expect(peer.socket.pings).toBe(0);
    });
  });

  it('looks at peers that are well every five seconds, and when they are pinged', () => {
    const peer = anOpenConnection();
    let looks = 0;
    Object.defineProperty(peer.socket, 'bufferedBytes', { get: () => 0 * ++looks });

    passWith(75, () => answers(peer));

    expect(peer.socket.pings).toBe(3);
    // Each asks twice for what waits: to judge, and to know when to come again.
    expect(looks).toBeLessThanOrEqual(2 * (75 / 5 + 3 * 2));
  });

  describe('a peer that does not answer', () => {
    it('is ended once the time-out after a ping has passed, without a second ping', () => {
      const peer = anOpenConnection();
      pass(25);

      pass(9);
      const early = peer.socket.isTerminated;
      pass(1);

      expect(early).toBe(false);
      expect(peer.socket.isTerminated).toBe(true);
      expect(peer.socket.pings).toBe(1);
    });

    it('is not told by what it said before the ping', () => {
      const peer = anOpenConnection();
      pass(24);
      answers(peer);
      pass(1);

      pass(10);

      expect(peer.socket.isTerminated).toBe(true);
    });
  });

  describe('a peer for whom bytes wait', () => {
    it('is closed with 1013 at most six seconds after it has taken none of them for the time it may', () => {
      const peer = anOpenConnection();
      passWith(7, () => answers(peer));
      peer.socket.stopTaking();
      peer.connection.send({ type: 'pong' });

      pass(29);
      const early = peer.socket.closed;
      pass(7);

      expect(early).toBeNull();
      expect(peer.socket.closed).toEqual({ code: 1013, reason: 'takes nothing' });
    });

    it('is not stuck as long as it takes some', () => {
      const peer = anOpenConnection();
      peer.socket.stopTaking();
      for (let i = 0; i < 20; i++) peer.connection.send({ type: 'pong' });

      passWith(100, () => peer.socket.take(1));

      expect(peer.socket.bufferedBytes).toBeGreaterThan(0);
      expect(peer.socket.closed).toBeNull();
      expect(peer.socket.isTerminated).toBe(false);
    });

    it('has the whole time-out to answer a ping that stood behind them', () => {
      const peer = anOpenConnection();
      peer.socket.stopTaking();
      for (let i = 0; i < 20; i++) peer.connection.send({ type: 'pong' });
      passWith(60, () => peer.socket.take(1));

      peer.socket.startTaking();
      pass(9);
      const early = peer.socket.isTerminated;
      pass(1);

      expect(early).toBe(false);
      expect(peer.socket.isTerminated).toBe(true);
    });
  });

  it('does not take silence for death while reading from the peer is paused', () => {
    const peer = anOpenConnection();
    const task = { isPipelined: false, bytes: 10, run: () => new Promise<never>(() => undefined) };
    for (let i = 0; i < 300; i++) peer.connection.lane.push(task);

    pass(60);

    expect(peer.socket.isReading).toBe(false);
    expect(peer.socket.isTerminated).toBe(false);
  });

  describe('a token', () => {
    const inSeconds = (seconds: number) => clock.now() + seconds * SECOND;

    it('that will expire in a minute is announced, once', () => {
      const expiresAt = inSeconds(100);
      const peer = anOpenConnection({ tokenExpiresAt: expiresAt });
      passWith(38, () => answers(peer));
      const early = peer.socket.frames.length;

      passWith(30, () => answers(peer));

      expect(early).toBe(0);
      expect(peer.socket.frames).toEqual([
        { type: 'token_expiring', data: { expires_at: new Date(expiresAt).toISOString() } },
      ]);
    });

    it('is not spoken of before the first frame', () => {
      const { connection, socket } = aConnection({ tokenExpiresAt: inSeconds(30) });
      connections.add(connection);
      pass(3);
      expect(socket.frames).toEqual([]);

      connection.write(GREETING);
      pass(1);

      expect(socket.framesOf('token_expiring')).toHaveLength(1);
    });

    it('that has expired ends the socket with 4401, after a grace of 25 seconds', () => {
      const peer = anOpenConnection({ tokenExpiresAt: inSeconds(10) });
      passWith(33, () => answers(peer));
      const early = peer.socket.closed;

      passWith(1, () => answers(peer));

      expect(early).toBeNull();
      expect(peer.socket.closed).toEqual({ code: 4401, reason: 'token expired' });
    });

    it('that was renewed keeps the socket, and is announced in its own time', () => {
      const peer = anOpenConnection({ tokenExpiresAt: inSeconds(10) });
      passWith(20, () => answers(peer));

      peer.connection.tokenExpiresAt = inSeconds(100);
      passWith(70, () => answers(peer));

      expect(peer.socket.closed).toBeNull();
      expect(peer.socket.framesOf('token_expiring')).toHaveLength(2);
    });
  });

  it('is over when it is stopped', () => {
    const peer = anOpenConnection();

    heartbeat.stop();
    pass(120);

    expect(peer.socket.pings).toBe(0);
  });
});

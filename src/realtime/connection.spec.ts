import { aConnection } from '../../test/support/a-connection';
import { settled } from '../../test/support/turns';
import { CloseCode } from '../protocol/close-codes';
import { encodeFrame } from './fan-out';
import type { ServerFrame } from '../protocol/frames';

/** Two of these congest a client. */
const BIG: ServerFrame = { type: 'pong', request_id: 'x'.repeat(960) };
const SMALL: ServerFrame = { type: 'pong' };

describe('Connection', () => {
  it('writes frames in order, encoded here or elsewhere', () => {
    const { connection, socket } = aConnection();

    connection.send({ type: 'pong', request_id: 1 });
    connection.write(encodeFrame({ type: 'pong', request_id: 2 }));

    expect(socket.frames).toEqual([
      { type: 'pong', request_id: 1 },
      { type: 'pong', request_id: 2 },
    ]);
  });

  describe('congestion', () => {
    it('begins beyond the bytes that may be unsent', () => {
      const { connection, socket } = aConnection({ congestedBytes: 1000 });
      socket.bufferedBytes = 1000;
      const atTheLimit = connection.isCongested;

      socket.bufferedBytes = 1001;

      expect([atTheLimit, connection.isCongested]).toEqual([false, true]);
    });

    it('ends for all who wait when everything has been taken, not earlier', async () => {
      const { connection, socket } = aConnection();
      const released = jest.fn();
      socket.stopTaking();
      connection.send(BIG);
      connection.send(BIG);
      void connection.drained().then(released);
      void connection.drained().then(released);

      socket.take(socket.bufferedBytes - 1);
      await settled();
      const early = released.mock.calls.length;
      socket.take(1);
      await settled();

      expect(early).toBe(0);
      expect(released).toHaveBeenCalledTimes(2);
    });

    it('can begin again', async () => {
      const { connection, socket } = aConnection();
      const released = jest.fn();
      for (let time = 0; time < 2; time++) {
        socket.stopTaking();
        connection.send(BIG);
        connection.send(BIG);
        void connection.drained().then(released);
        await settled();
        socket.startTaking();
        await settled();
      }

      expect(released).toHaveBeenCalledTimes(2);
    });

    it('keeps nobody waiting when there is none, or nobody is there', async () => {
      const { connection, socket } = aConnection();
      socket.stopTaking();
      connection.send(SMALL);
      await connection.drained();
      connection.send(BIG);
      connection.send(BIG);
      const waiting = connection.drained();

      connection.detach();

      await waiting;
      await connection.drained();
      expect(socket.bufferedBytes).toBeGreaterThan(1000);
    });

    it('holds up the client’s own work', async () => {
      const { connection, socket } = aConnection();
      const run = jest.fn(async () => undefined);
      socket.stopTaking();
      connection.send(BIG);
      connection.send(BIG);
      connection.lane.push({ isPipelined: false, bytes: 10, run });
      await settled();
      const early = run.mock.calls.length;

      socket.startTaking();
      await settled();

      expect([early, run.mock.calls.length]).toEqual([0, 1]);
    });
  });

  describe('work in turn', () => {
    it('runs one piece after the other', async () => {
      const { connection } = aConnection();
      const order: string[] = [];
      const piece = (name: string) => async () => {
        order.push(`${name} begins`);
        await settled();
        order.push(`${name} ends`);
      };

      await Promise.all([connection.inTurn(piece('one')), connection.inTurn(piece('two'))]);

      expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    });

    it('tells its own caller alone of a failure', async () => {
      const { connection } = aConnection();

      const failed = connection.inTurn(() => Promise.reject(new Error('broken')));
      const next = connection.inTurn(async () => undefined);

      await expect(failed).rejects.toThrow('broken');
      await expect(next).resolves.toBeUndefined();
    });
  });

  describe('closing', () => {
    it('closes the socket behind what was written, once', () => {
      const { connection, socket } = aConnection();
      connection.send(SMALL);

      connection.close(CloseCode.Unauthorized, 'session ended');
      connection.close(CloseCode.GoingAway, 'going away');
      connection.send(SMALL);
      connection.write(encodeFrame(SMALL));

      expect(socket.closed).toEqual({ code: 4401, reason: 'session ended' });
      expect(socket.frames).toEqual([SMALL]);
      expect(connection.isClosed).toBe(true);
    });

    it('lets go of its readers and of the work that waits', async () => {
      const { connection } = aConnection();
      const [first, second] = [{ close: jest.fn() }, { close: jest.fn() }];
      connection.readers.set(1, first);
      connection.readers.set(2, second);
      const run = jest.fn();
      connection.lane.push({ isPipelined: false, bytes: 10, run: () => new Promise(() => undefined) });
      connection.lane.push({ isPipelined: false, bytes: 10, run });

      connection.detach();
      connection.detach();
      await settled();

      expect(first.close).toHaveBeenCalledTimes(1);
      expect(second.close).toHaveBeenCalledTimes(1);
      expect(connection.readers.size).toBe(0);
      expect(run).not.toHaveBeenCalled();
    });

    it('leaves the wire alone when that has ended by itself', () => {
      const { connection, socket } = aConnection();

      connection.detach();

      expect(connection.isClosed).toBe(true);
      expect(socket.closed).toBeNull();
    });
  });

  it('closes with 1011 when its own work fails, and reports the fault', async () => {
    const { connection, socket, faults } = aConnection();
    const fault = new Error('broken');

    connection.lane.push({ isPipelined: false, bytes: 10, run: () => Promise.reject(fault) });
    await settled();

    expect(faults).toEqual([fault]);
    expect(socket.closed).toEqual({ code: 1011, reason: 'internal error' });
  });

  it('pauses reading from a client that sends more than it can be served', () => {
    const { connection, socket } = aConnection();
    const run = () => new Promise<never>(() => undefined);

    for (let i = 0; i < 300; i++) connection.lane.push({ isPipelined: false, bytes: 10, run });

    expect(socket.isReading).toBe(false);
  });
});

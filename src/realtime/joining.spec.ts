import { aConnection } from '../../test/support/a-connection';
import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import type { FakeSocket } from '../../test/support/fake-socket';
import { ManualClock } from '../../test/support/manual-clock';
import { RoomFeeds } from './room-feeds';

const LINGER_MS = 10_000;

describe('joining a room', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let feeds: RoomFeeds;

  beforeEach(() => {
    log = new FakeRoomLog(1, 2);
    clock = new ManualClock();
    feeds = new RoomFeeds(log, clock, { pageSize: 3, resumeMaxChanges: 10, changesPageSize: 4 });
  });

  const say = (count: number, roomId = 1) =>
    log.commit(...Array.from({ length: count }, () => aDraft({ roomId })));

  const seqsOf = (socket: FakeSocket) => socket.framesOf('message').map(({ data }) => data.seq);

  async function aReaderOf(roomId: number) {
    const reader = aConnection();
    await feeds.join(reader.connection, roomId, {});
    reader.socket.frames.length = 0;
    return reader;
  }

  describe('a fresh join', () => {
    it('answers with the newest page and the position, then live frames', async () => {
      say(5);
      const newest = await log.recent(1, 3);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { requestId: 'r1' });
      feeds.offer(say(2));

      expect(socket.frames[0]).toEqual({
        type: 'messages_history',
        request_id: 'r1',
        data: { room_id: 1, ...newest },
      });
      expect(seqsOf(socket)).toEqual([6, 7]);
    });

    it('reads the log once for all who come', async () => {
      say(5);

      await Promise.all(Array.from({ length: 20 }, () => aReaderOf(1)));

      expect(log.reads.calls).toBe(1);
      expect(feeds.size).toBe(1);
    });

    it('rejects if the log cannot be read, leaving nothing behind; the next join reads anew', async () => {
      const { connection, socket } = aConnection();
      log.reads.failNext();

      await expect(feeds.join(connection, 1, {})).rejects.toThrow('out of reach');
      const open = feeds.size;
      const readers = connection.readers.size;
      await feeds.join(connection, 1, {});

      expect([open, readers]).toEqual([0, 0]);
      expect(socket.frames.map(({ type }) => type)).toEqual(['messages_history']);
    });

    it('makes no reader of a connection that closed meanwhile, and lets the room go', async () => {
      const { connection, socket } = aConnection();
      const joined = feeds.join(connection, 1, {});
      connection.detach();

      await joined;
      clock.advance(LINGER_MS);

      expect(socket.frames).toEqual([]);
      expect(connection.readers.size).toBe(0);
      expect(feeds.size).toBe(0);
    });
  });

  describe('a join that asks once more for the right to read', () => {
    const refusal = new Error('no longer');

    it('asks when the log has been read, and answers in the same turn', async () => {
      say(1);
      const { connection, socket } = aConnection();
      let readsBefore = 0;

      await feeds.join(connection, 1, {
        confirm: () => {
          readsBefore = log.reads.calls;
          expect([socket.frames.length, connection.readers.size]).toEqual([0, 0]);
          return true;
        },
      });

      expect(readsBefore).toBe(1);
      expect(socket.frames.map(({ type }) => type)).toEqual(['messages_history']);
    });

    it('waits for an answer that is not known, and asks again until it is', async () => {
      say(1);
      const { connection, socket } = aConnection();
      const answers = [Promise.resolve(), Promise.resolve(), true];

      await feeds.join(connection, 1, { confirm: () => answers.shift() });

      expect(answers).toEqual([]);
      expect(socket.framesOf('messages_history')).toHaveLength(1);
    });

    it('shows nothing to somebody who lost the room meanwhile, and lets the room go', async () => {
      say(1);
      const { connection, socket } = aConnection();

      const joined = feeds.join(connection, 1, { confirm: () => Promise.reject(refusal) });

      await expect(joined).rejects.toBe(refusal);
      clock.advance(LINGER_MS);
      expect([socket.frames.length, connection.readers.size, feeds.size]).toEqual([0, 0, 0]);
    });

    it('ends the reading of somebody who joins anew and may not any more', async () => {
      const { connection, socket } = await aReaderOf(1);

      await expect(feeds.join(connection, 1, { confirm: () => Promise.reject(refusal) })).rejects.toBe(
        refusal,
      );
      feeds.offer(say(1));

      expect([socket.frames.length, connection.readers.size]).toEqual([0, 0]);
    });
  });

  describe('a resuming join', () => {
    it('answers with pages of what was missed, then live frames', async () => {
      say(9);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 3, requestId: 'r1' });
      feeds.offer(say(1));

      expect(socket.framesOf('changes').map(({ request_id, data }) => [request_id, data.last_seq])).toEqual([
        ['r1', 7],
        ['r1', 9],
      ]);
      expect(seqsOf(socket)).toEqual([10]);
    });

    it('answers with one empty page if nothing was missed', async () => {
      say(4);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 4 });

      const data = { room_id: 1, messages: [], last_seq: 4, epoch: log.epoch, has_more: false };
      expect(socket.frames).toEqual([{ type: 'changes', data }]);
    });

    it('is answered with everything up to as many missed changes as may be', async () => {
      say(12);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 2 });

      expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([6, 10, 12]);
      expect(socket.framesOf('messages_history')).toEqual([]);
    });

    it.each([0, 1])('from %i, too far back, gets the gap that is not replayed', async (afterSeq) => {
      say(12);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq });
      feeds.offer(say(1));

      const gap = { from_seq: afterSeq + 1, to_seq: 12 };
      expect(socket.framesOf('messages_history').map(({ data }) => data.gap)).toEqual([gap]);
      expect(seqsOf(socket)).toEqual([13]);
    });

    it('from beyond the log’s end gets everything as the gap', async () => {
      say(4);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 9 });

      const gap = { from_seq: 1, to_seq: 4 };
      expect(socket.framesOf('messages_history')[0]!.data).toMatchObject({ last_seq: 4, gap });
    });

    it('from beyond what this node has heard of asks the log first', async () => {
      await aReaderOf(1);
      say(4);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 3 });

      expect(socket.framesOf('changes').map(({ data }) => data.messages.map(({ seq }) => seq))).toEqual([
        [4],
      ]);
    });

    it('with the epoch of this log is believed', async () => {
      say(4);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 3, epoch: 'first-life' });

      expect(socket.frames.map(({ type }) => type)).toEqual(['changes']);
    });

    it('with the epoch of another log gets everything as the gap', async () => {
      say(4);
      const { connection, socket } = aConnection();

      await feeds.join(connection, 1, { afterSeq: 3, epoch: 'another-life' });

      const gap = { from_seq: 1, to_seq: 4 };
      expect(socket.frames).toMatchObject([{ type: 'messages_history', data: { last_seq: 4, gap } }]);
    });

    it('rejects if the log cannot be read on, and reads the room no more', async () => {
      say(9);
      const { connection, socket } = await aReaderOf(1);
      log.reads.failNext(2);

      await expect(feeds.join(connection, 1, { afterSeq: 1 })).rejects.toThrow('out of reach');
      feeds.offer(say(1));

      expect(connection.readers.size).toBe(0);
      expect(socket.frames).toEqual([]);
    });
  });

  it('lets one connection join again from another position, and delivers each change once', async () => {
    const { connection, socket } = await aReaderOf(1);
    feeds.offer(say(3));

    await feeds.join(connection, 1, { afterSeq: 1 });
    feeds.offer(say(1));

    expect(seqsOf(socket)).toEqual([1, 2, 3, 4]);
    expect(socket.framesOf('changes').map(({ data }) => data.messages.length)).toEqual([2]);
  });
});

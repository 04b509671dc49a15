import { aConnection } from '../../test/support/a-connection';
import { aDraft, changes } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import type { FakeSocket } from '../../test/support/fake-socket';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { Segment } from './fan-out';
import { Reader } from './reader';
import { RoomFeed } from './room-feed';

describe('Reader', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let feed: RoomFeed;

  beforeEach(async () => {
    log = new FakeRoomLog(1, 2);
    clock = new ManualClock();
    feed = await aFeed(1);
  });

  async function aFeed(roomId: number): Promise<RoomFeed> {
    const opened = new RoomFeed(roomId, log, clock, {
      pageSize: 50,
      resumeMaxChanges: 1000,
      unread: () => undefined,
    });
    await opened.opened;
    return opened;
  }

  function aReader(of = feed, position = of.position, on = aConnection({ congestedBytes: 500 })) {
    const reader = new Reader(on.connection, of, position, { pageSize: 3, clock });
    of.attach(reader);
    return { reader, ...on };
  }

  function aLiveReader() {
    const live = aReader();
    live.reader.goLive();
    return live;
  }

  const say = (count: number, roomId = 1) =>
    log.commit(...Array.from({ length: count }, () => aDraft({ roomId })));

  /** Messages are announced that are too much for a client who takes nothing. */
  const flood = () => feed.offer(say(5));

  /** `5` for a live frame with that seq, `[6, 7]` for a page with these. */
  const seqsIn = ({ frames }: FakeSocket) =>
    frames.map((frame) => {
      if (frame.type === 'changes') return frame.data.messages.map(({ seq }) => seq);
      return frame.type === 'message' ? frame.data.seq : frame.type;
    });

  describe('live', () => {
    it('writes what begins at its position, and moves with it', () => {
      const { reader, socket } = aLiveReader();

      feed.offer(say(2));
      feed.offer(say(1));

      expect(seqsIn(socket)).toEqual([1, 2, 3]);
      expect(reader.position).toBe(3);
    });

    it('has nothing to do with what lies behind it', () => {
      const { reader, socket } = aReader(feed, 5);
      reader.goLive();

      reader.accept(Segment.ofRun(2, changes(3, 5)));

      expect(socket.frames).toEqual([]);
      expect(reader.position).toBe(5);
    });

    it('takes the rest of a stretch that began before its position', () => {
      const { reader, socket } = aReader(feed, 4);
      reader.goLive();

      reader.accept(Segment.ofRun(2, changes(3, 6)));

      expect(seqsIn(socket)).toEqual([5, 6]);
      expect(reader.position).toBe(6);
    });

    it('catches up where a stretch is not the next one', async () => {
      const { reader, socket } = aLiveReader();
      const all = say(4);
      feed.detach(reader);
      feed.offer(all.slice(0, 2));
      feed.attach(reader);

      feed.offer(all.slice(2));
      await settled();

      expect(seqsIn(socket)).toEqual([[1, 2, 3], [4]]);
    });
  });

  it('takes nothing from the feed before it is live', () => {
    const { reader, socket } = aReader();

    feed.offer(say(1));

    expect(socket.frames).toEqual([]);
    expect(reader.position).toBe(0);
  });

  describe('with a client that takes nothing', () => {
    it('writes no more, however much there is', async () => {
      const { socket } = aLiveReader();
      socket.stopTaking();
      flood();
      const bufferedBytes = socket.bufferedBytes;

      for (let i = 0; i < 20; i++) flood();
      await settled();

      expect(socket.bufferedBytes).toBe(bufferedBytes);
    });

    it('writes pages once all is taken, each when the last was taken, and then goes on live', async () => {
      const { socket } = aLiveReader();
      socket.stopTaking();
      flood();
      flood();

      await settled();
      socket.take(socket.bufferedBytes);
      await settled();
      const afterTheFirstDrain = seqsIn(socket).slice(5);
      socket.startTaking();
      await settled();
      feed.offer(say(1));

      expect(afterTheFirstDrain).toEqual([[6, 7, 8]]);
      expect(seqsIn(socket).slice(5)).toEqual([[6, 7, 8], [9, 10], 11]);
    });

    it('does not answer half a drain', async () => {
      const { socket } = aLiveReader();
      socket.stopTaking();
      flood();
      flood();
      await settled();

      socket.take(socket.bufferedBytes - 1);
      await settled();

      expect(seqsIn(socket)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  describe('catching up', () => {
    it('writes pages from its position until nothing is missing, as answers to the request', async () => {
      const { reader, socket } = aReader();
      feed.offer(say(7));

      await reader.catchUp({ requestId: 'r1' });

      expect(seqsIn(socket)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
      expect(socket.framesOf('changes').map(({ data }) => data.has_more)).toEqual([true, true, false]);
      expect(socket.framesOf('changes').map(({ request_id }) => request_id)).toEqual(['r1', 'r1', 'r1']);
    });

    it('answers with one empty page if nothing is missing', async () => {
      const { reader, socket } = aReader();

      await reader.catchUp({ requestId: 'r1' });

      const data = { room_id: 1, messages: [], last_seq: 0, epoch: log.epoch, has_more: false };
      expect(socket.frames).toEqual([{ type: 'changes', request_id: 'r1', data }]);
    });

    it('writes nothing if nothing is missing and nobody asked', async () => {
      const { reader, socket } = aReader();

      await reader.catchUp();

      expect(socket.frames).toEqual([]);
    });

    it('goes live behind what comes meanwhile', async () => {
      say(5);
      feed = await aFeed(1);
      const { reader, socket } = aReader(feed, 0);
      log.reads.hold();
      const caughtUp = reader.catchUp();
      await settled();
      feed.offer(say(2));
      log.reads.open();
      await caughtUp;

      feed.offer(say(1));

      expect(seqsIn(socket)).toEqual([[1, 2, 3], [4, 5, 6], [7], 8]);
    });

    it('goes on from the log where that is ahead of the feed, and writes nothing twice', async () => {
      say(1200);
      feed = await aFeed(1);
      const unheard = say(2);
      const { reader, socket } = aReader(feed, 0);
      const { changesAfter } = log;
      log.changesAfter = (roomId, seq) => changesAfter.call(log, roomId, seq, 2000);
      await reader.catchUp();

      feed.offer([...unheard, ...say(1)]);

      expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1202]);
      expect(seqsIn(socket).at(-1)).toBe(1203);
    });

    it('rejects if the log cannot be read, and is not live', async () => {
      say(2);
      feed = await aFeed(1);
      const { reader, socket } = aReader(feed, 0);
      log.reads.failNext(2);

      await expect(reader.catchUp({})).rejects.toThrow('out of reach');
      feed.offer(say(1));

      expect(socket.frames).toEqual([]);
    });

    it('shares the socket: of several rooms one page is read at a time', async () => {
      say(2);
      say(2, 2);
      const on = aConnection();
      const first = aReader(await aFeed(1), 0, on).reader;
      const second = aReader(await aFeed(2), 0, on).reader;
      log.reads.hold();

      const both = Promise.all([first.catchUp(), second.catchUp()]);
      await settled();
      const readsAtOnce = log.reads.waiting.length;
      log.reads.open();
      await both;

      expect(readsAtOnce).toBe(1);
      expect(on.socket.framesOf('changes').map(({ data }) => [data.room_id, data.last_seq])).toEqual([
        [1, 2],
        [2, 2],
      ]);
    });
  });

  it('comes back to a log that was out of reach, a second later', async () => {
    const { reader, socket } = aLiveReader();
    feed.detach(reader);
    feed.offer(say(1100));
    feed.attach(reader);
    log.reads.failNext();
    feed.offer(say(1));
    await settled();
    const early = socket.frames.length;

    clock.advance(999);
    await settled();
    const stillEarly = socket.frames.length;
    clock.advance(1);
    await settled();

    expect([early, stillEarly]).toEqual([0, 0]);
    expect(reader.position).toBe(1101);
  });

  describe('closed', () => {
    it('writes nothing more, not even a page that was being read', async () => {
      say(2);
      feed = await aFeed(1);
      const { reader, socket } = aReader(feed, 0);
      log.reads.hold();
      const caughtUp = reader.catchUp({});
      await settled();

      reader.close();
      log.reads.open();
      await caughtUp;
      feed.offer(say(1));

      expect(socket.frames).toEqual([]);
      expect(feed.readerCount).toBe(0);
    });

    it('does not come back to the log', async () => {
      const { reader } = aLiveReader();
      feed.detach(reader);
      feed.offer(say(1100));
      feed.attach(reader);
      log.reads.failNext();
      feed.offer(say(1));
      await settled();
      const calls = log.reads.calls;

      reader.close();
      clock.advance(10_000);
      await settled();

      expect(log.reads.calls).toBe(calls);
    });
  });
});

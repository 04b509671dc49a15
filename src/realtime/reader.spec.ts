import { changes } from '../../test/support/a-message';
import { FeedStage, seqsIn } from '../../test/support/feed-stage';
import { settled } from '../../test/support/turns';
import { Segment } from './fan-out';
import type { RoomFeed } from './room-feed';

describe('Reader', () => {
  let stage: FeedStage;
  let feed: RoomFeed;

  beforeEach(async () => {
    stage = new FeedStage();
    feed = await stage.anOpenFeed();
  });

  /** Messages are announced that are too much for a client who takes nothing. */
  const flood = () => feed.offer(stage.say(5));

  describe('live', () => {
    it('writes what begins at its position, and moves with it', () => {
      const { reader, socket } = stage.aLiveReaderOf(feed);

      feed.offer(stage.say(2));
      feed.offer(stage.say(1));

      expect(seqsIn(socket)).toEqual([1, 2, 3]);
      expect(reader.position).toBe(3);
    });

    it('has nothing to do with what lies behind it', () => {
      const { reader, socket } = stage.aReaderOf(feed, 5);
      reader.goLive();

      reader.accept(Segment.ofRun(2, changes(3, 5)));

      expect(socket.frames).toEqual([]);
      expect(reader.position).toBe(5);
    });

    it('takes the rest of a stretch that began before its position', () => {
      const { reader, socket } = stage.aReaderOf(feed, 4);
      reader.goLive();

      reader.accept(Segment.ofRun(2, changes(3, 6)));

      expect(seqsIn(socket)).toEqual([5, 6]);
      expect(reader.position).toBe(6);
    });

    it('catches up where a stretch is not the next one', async () => {
      const { reader, socket } = stage.aLiveReaderOf(feed);
      const all = stage.say(4);
      feed.detach(reader);
      feed.offer(all.slice(0, 2));
      feed.attach(reader);

      feed.offer(all.slice(2));
      await settled();

      expect(seqsIn(socket)).toEqual([[1, 2, 3], [4]]);
    });
  });

  it('takes nothing from the feed before it is live', () => {
    const { reader, socket } = stage.aReaderOf(feed);

    feed.offer(stage.say(1));

    expect(socket.frames).toEqual([]);
    expect(reader.position).toBe(0);
  });

  describe('with a client that takes nothing', () => {
    it('writes no more, however much there is', async () => {
      const { socket } = stage.aLiveReaderOf(feed);
      socket.stopTaking();
      flood();
      const bufferedBytes = socket.bufferedBytes;

      for (let i = 0; i < 20; i++) flood();
      await settled();

      expect(socket.bufferedBytes).toBe(bufferedBytes);
    });

    it('writes pages once all is taken, each when the last was taken, and then goes on live', async () => {
      const { socket } = stage.aLiveReaderOf(feed);
      socket.stopTaking();
      flood();
      flood();

      await settled();
      socket.take(socket.bufferedBytes);
      await settled();
      const afterTheFirstDrain = seqsIn(socket).slice(5);
      socket.startTaking();
      await settled();
      feed.offer(stage.say(1));

      expect(afterTheFirstDrain).toEqual([[6, 7, 8]]);
      expect(seqsIn(socket).slice(5)).toEqual([[6, 7, 8], [9, 10], 11]);
    });

    it('does not answer half a drain', async () => {
      const { socket } = stage.aLiveReaderOf(feed);
      socket.stopTaking();
      flood();
      flood();
      await settled();

      socket.take(socket.bufferedBytes - 1);
      await settled();

      expect(seqsIn(socket)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  it.each([
    ['that leads nowhere', 2, undefined],
    ['that leads back, even as an answer', 1, { requestId: 'r1' }],
  ])('writes no page %s', async (_, lastSeq, answers) => {
    feed.offer(stage.say(3));
    const { reader, socket } = stage.aReaderOf(feed, 2);
    const page = await feed.frameAfter(0, lastSeq);
    const frameAfter = jest.spyOn(feed, 'frameAfter').mockResolvedValue(page);

    await expect(reader.catchUp(answers)).rejects.toThrow('leads nowhere');

    expect(frameAfter).toHaveBeenCalledTimes(1);
    expect(socket.frames).toEqual([]);
    expect(reader.position).toBe(2);
  });

  it('comes back to a log that was out of reach, a second later', async () => {
    const { reader, socket } = stage.aLiveReaderOf(feed);
    feed.detach(reader);
    feed.offer(stage.say(1100));
    feed.attach(reader);
    stage.log.reads.failNext();
    feed.offer(stage.say(1));
    await settled();
    const early = socket.frames.length;

    stage.clock.advance(999);
    await settled();
    const stillEarly = socket.frames.length;
    stage.clock.advance(1);
    await settled();

    expect([early, stillEarly]).toEqual([0, 0]);
    expect(stage.failures.length).toBeGreaterThan(0);
    expect(reader.position).toBe(1101);
  });

  describe('closed', () => {
    it('writes nothing more, not even a page that was being read', async () => {
      stage.say(2);
      feed = await stage.anOpenFeed();
      const { reader, socket } = stage.aReaderOf(feed, 0);
      stage.log.reads.hold();
      const caughtUp = reader.catchUp({});
      await settled();

      reader.close();
      stage.log.reads.open();
      await caughtUp;
      feed.offer(stage.say(1));

      expect(socket.frames).toEqual([]);
      expect(feed.readerCount).toBe(0);
    });

    it('does not come back to the log', async () => {
      const { reader } = stage.aLiveReaderOf(feed);
      feed.detach(reader);
      feed.offer(stage.say(1100));
      feed.attach(reader);
      stage.log.reads.failNext();
      feed.offer(stage.say(1));
      await settled();
      const calls = stage.log.reads.calls;

      reader.close();
      stage.clock.advance(10_000);
      await settled();

      expect(stage.log.reads.calls).toBe(calls);
    });
  });
});

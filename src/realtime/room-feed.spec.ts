import { aConnection } from '../../test/support/a-connection';
import { aChange, aDraft, anEdit } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import type { FakeSocket } from '../../test/support/fake-socket';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import type { Change } from './room-log';
import { Reader } from './reader';
import { type FeedOptions, RoomFeed } from './room-feed';

describe('RoomFeed', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;

  beforeEach(() => {
    log = new FakeRoomLog(1);
    clock = new ManualClock();
  });

  const aFeed = (options: Partial<FeedOptions> = {}) =>
    new RoomFeed(1, log, clock, { pageSize: 3, resumeMaxChanges: 10, unread: () => undefined, ...options });

  async function anOpenFeed(options: Partial<FeedOptions> = {}): Promise<RoomFeed> {
    const feed = aFeed(options);
    await feed.opened;
    return feed;
  }

  /** Somebody who reads live from the feed's position on. */
  function aReaderOf(feed: RoomFeed): { reader: Reader; socket: FakeSocket } {
    const { connection, socket } = aConnection({ congestedBytes: Infinity });
    const reader = new Reader(connection, feed, feed.position, { pageSize: 100, clock });
    feed.attach(reader);
    reader.goLive();
    return { reader, socket };
  }

  /** Commits new messages. */
  const say = (count: number): Change[] => log.commit(...Array.from({ length: count }, () => aDraft()));

  /** `5` for a live frame with that seq, `..7` for a page up to there. */
  const heard = ({ frames }: FakeSocket) =>
    frames.map((frame) => {
      if (frame.type === 'changes') return `..${frame.data.last_seq}`;
      return frame.type === 'message' || frame.type === 'message_updated' ? frame.data.seq : frame.type;
    });

  describe('opening', () => {
    it('reads the newest page and its position, once', async () => {
      say(5);

      const feed = await anOpenFeed();

      expect(feed.position).toBe(5);
      expect(feed.newestPage()).toEqual(await log.recent(1, 3));
      expect(log.reads.calls).toBe(2);
    });

    it('keeps what is offered meanwhile', async () => {
      say(1);
      log.reads.hold();
      const feed = aFeed();
      log.reads.waiting[0]!.look();
      feed.offer(say(2));

      log.reads.open();
      await feed.opened;

      expect(feed.position).toBe(3);
      expect(log.reads.calls).toBe(1);
    });

    it('rejects if the log cannot be read', async () => {
      log.reads.failNext();

      const feed = aFeed();

      await expect(feed.opened).rejects.toThrow('out of reach');
    });
  });

  describe('offer', () => {
    it('delivers each change live, in order, with one write for all of them', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);

      feed.offer(say(3));

      expect(heard(socket)).toEqual([1, 2, 3]);
      expect(socket.writes).toHaveLength(1);
      expect(log.reads.calls).toBe(1);
    });

    it('gives every reader the same bytes', async () => {
      const feed = await anOpenFeed();
      const [ada, bob] = [aReaderOf(feed), aReaderOf(feed)];

      feed.offer(say(2));

      expect(ada.socket.writes[0]).toBe(bob.socket.writes[0]);
    });

    it('drops twins and what has been delivered', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      const changes = say(2);

      feed.offer([...changes, ...changes]);
      feed.offer(changes);

      expect(heard(socket)).toEqual([1, 2]);
    });

    it('holds back what came too early until what is missing comes', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      const [first, second, third] = say(3);
      log.reads.hold();

      feed.offer([third!]);
      feed.offer([second!]);
      feed.offer([first!]);
      log.reads.open();
      await settled();

      expect(heard(socket)).toEqual([1, 2, 3]);
    });

    it('reads what does not come from the log, and goes on live behind it', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      say(2);

      feed.offer(say(1));
      await settled();
      feed.offer(say(1));

      expect(heard(socket)).toEqual(['..3', 4]);
      expect(log.reads.calls).toBe(2);
    });

    it('delivers live what follows a page that was read before it was committed', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      log.reads.hold();
      say(1);
      feed.offer(say(1));
      log.reads.waiting[0]!.look();
      feed.offer(say(2));

      log.reads.open();
      await settled();

      expect(heard(socket)).toEqual(['..2', 3, 4]);
    });

    it('leaves out of a page what was delivered while it was read', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      const [first, second] = say(2);
      log.reads.hold();
      feed.offer([second!]);
      say(1);
      log.reads.waiting[0]!.look();
      feed.offer([first!]);

      log.reads.open();
      await settled();

      expect(heard(socket)).toEqual([1, 2, '..3']);
      expect(socket.framesOf('changes')[0]!.data.messages.map(({ seq }) => seq)).toEqual([3]);
    });

    it('forgets what it heard of and the log does not have', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);

      feed.offer([aChange({ id: 7 })]);
      await settled();
      feed.offer(say(1));
      await settled();

      expect(heard(socket)).toEqual([1]);
      expect(log.reads.calls).toBe(2);
    });

    it('reads a long hole page by page', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      say(250);

      feed.offer(say(1));
      await settled();

      expect(heard(socket)).toEqual(['..100', '..200', '..251']);
    });

    it('reads no more than the hole, though changes keep coming', async () => {
      const feed = await anOpenFeed();
      log.reads.hold();
      say(1);
      feed.offer(say(1));
      log.reads.waiting[0]!.look();
      feed.offer(say(1));

      log.reads.open();
      await settled();

      expect(feed.position).toBe(3);
      expect(log.reads.calls).toBe(2);
    });

    it('keeps no more than it should of what stands behind a hole, and delivers it all the same', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      log.reads.hold();
      say(1);
      feed.offer(say(1001));
      const [last] = say(1).slice(-1);

      feed.offer([last!]);
      log.reads.open();
      await settled();

      expect(feed.position).toBe(1003);
      expect(heard(socket).at(-1)).toBe('..1003');
    });

    it.each([0, 1, 2, 3, 4, 5, 6])(
      'sees a hole that opens %i ticks after the last was read',
      async (ticks) => {
        const feed = await anOpenFeed();
        log.reads.hold();
        say(1);
        feed.offer(say(1));
        log.reads.open();
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();

        say(1);
        feed.offer(say(1));
        await settled();

        expect(feed.position).toBe(4);
      },
    );
  });

  describe('while the log is out of reach', () => {
    it('asks again after 50, 200, 500, 1000 and then every 2000 ms', async () => {
      const feed = await anOpenFeed();
      say(1);
      log.reads.failNext(7);
      feed.offer(say(1));
      await settled();

      const readAt: number[] = [];
      for (let ms = 0; ms < 8000 && feed.position < 2; ms += 50) {
        const callsBefore = log.reads.calls;
        clock.advance(50);
        await settled();
        if (log.reads.calls > callsBefore) readAt.push(clock.monotonic());
      }

      expect(readAt).toEqual([50, 250, 750, 1750, 3750, 5750, 7750]);
      expect(feed.position).toBe(2);
    });

    it('stops asking once it is closed', async () => {
      const feed = await anOpenFeed();
      log.reads.failNext();
      say(1);
      feed.offer(say(1));
      await settled();

      feed.close();
      clock.advance(60_000);
      await settled();

      expect(log.reads.calls).toBe(2);
    });
  });

  describe('doubt', () => {
    it('reads what was committed and never announced', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      say(2);

      feed.doubt();
      await settled();

      expect(heard(socket)).toEqual(['..2']);
    });

    it('delivers nothing if nothing is there', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);

      feed.doubt();
      await settled();
      feed.offer(say(1));

      expect(heard(socket)).toEqual([1]);
    });

    it('reads again if the log is being read already: that may have been before the commit', async () => {
      const feed = await anOpenFeed();
      log.reads.hold();
      feed.doubt();
      await settled();
      log.reads.waiting[0]!.look();
      say(1);

      feed.doubt();
      log.reads.open();
      await settled();

      expect(feed.position).toBe(1);
    });

    it('waits for the tail of the log, and is over if that cannot be read', async () => {
      log.reads.failNext();
      const feed = aFeed();

      feed.doubt();
      await expect(feed.opened).rejects.toThrow();
      await settled();

      expect(log.reads.calls).toBe(1);
    });
  });

  describe('refresh', () => {
    it('reads to the end of the log', async () => {
      const feed = await anOpenFeed();
      const { socket } = aReaderOf(feed);
      say(150);

      await feed.refresh();

      expect(feed.position).toBe(150);
      expect(heard(socket)).toEqual(['..100', '..150']);
    });

    it('rejects if the log cannot be read', async () => {
      const feed = await anOpenFeed();
      log.reads.failNext();

      await expect(feed.refresh()).rejects.toThrow('out of reach');
    });
  });

  it('keeps the newest page up to date', async () => {
    const feed = await anOpenFeed();
    say(4);
    feed.offer(log.commit(anEdit({ messageId: 3 })));
    await settled();

    feed.offer(say(1));

    expect(feed.newestPage()).toEqual(await log.recent(1, 3));
  });

  it('tells when its last reader has gone, and only then', async () => {
    const unread = jest.fn();
    const feed = await anOpenFeed({ unread });
    const [ada, bob] = [aReaderOf(feed), aReaderOf(feed)];

    ada.reader.close();
    const afterTheFirst = unread.mock.calls.length;
    bob.reader.close();
    bob.reader.close();

    expect(afterTheFirst).toBe(0);
    expect(unread.mock.calls).toEqual([[feed]]);
  });
});

import { aChange } from '../../test/support/a-message';
import { FeedStage, heard } from '../../test/support/feed-stage';
import { settled } from '../../test/support/turns';

describe('a feed with a hole', () => {
  let stage: FeedStage;

  beforeEach(() => {
    stage = new FeedStage();
  });

  it('reads what does not come from the log, and goes on live behind it', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    stage.say(2);

    feed.offer(stage.say(1));
    await settled();
    feed.offer(stage.say(1));

    expect(heard(socket)).toEqual(['..3', 4]);
    expect(stage.log.reads.calls).toBe(2);
  });

  it('looks again ten seconds after a doubt: a commit may outlive its connection', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    feed.doubt();
    await settled();
    stage.say(1);

    stage.clock.advance(10_000);
    await settled();

    expect(heard(socket)).toEqual(['..1']);
  });

  it('delivers live what follows a page that was read before it was committed', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    stage.log.reads.hold();
    stage.say(1);
    feed.offer(stage.say(1));
    stage.log.reads.waiting[0]!.look();
    feed.offer(stage.say(2));

    stage.log.reads.open();
    await settled();

    expect(heard(socket)).toEqual(['..2', 3, 4]);
  });

  it('leaves out of a page what was delivered while it was read', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    const [first, second] = stage.say(2);
    stage.log.reads.hold();
    feed.offer([second!]);
    stage.say(1);
    stage.log.reads.waiting[0]!.look();
    feed.offer([first!]);

    stage.log.reads.open();
    await settled();

    expect(heard(socket)).toEqual([1, 2, '..3']);
    expect(socket.framesOf('changes')[0]!.data.messages.map(({ seq }) => seq)).toEqual([3]);
  });

  it('forgets what it heard of and the log does not have', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);

    feed.offer([aChange({ id: 7 })]);
    await settled();
    feed.offer(stage.say(1));
    await settled();

    expect(heard(socket)).toEqual([1]);
    expect(stage.log.reads.calls).toBe(2);
  });

  it('never delivers what the log did not have, though its number comes', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);

    feed.offer([aChange({ id: 3, content: 'never committed' })]);
    await settled();
    feed.offer(stage.say(2));

    expect(heard(socket)).toEqual([1, 2]);
  });

  it('reads a long hole page by page', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    stage.say(250);

    feed.offer(stage.say(1));
    await settled();

    expect(heard(socket)).toEqual(['..100', '..200', '..251']);
  });

  it('reads no more than the hole, though changes keep coming', async () => {
    const feed = await stage.anOpenFeed();
    stage.log.reads.hold();
    stage.say(1);
    feed.offer(stage.say(1));
    stage.log.reads.waiting[0]!.look();
    feed.offer(stage.say(1));

    stage.log.reads.open();
    await settled();

    expect(feed.position).toBe(3);
    expect(stage.log.reads.calls).toBe(2);
  });

  it('keeps no more than it should of what stands behind a hole, and delivers it all the same', async () => {
    const feed = await stage.anOpenFeed();
    const { socket } = stage.aLiveReaderOf(feed);
    stage.log.reads.hold();
    stage.say(1);
    feed.offer(stage.say(1001));
    const [last] = stage.say(1).slice(-1);

    feed.offer([last!]);
    stage.log.reads.open();
    await settled();

    expect(feed.position).toBe(1003);
    expect(heard(socket).at(-1)).toBe('..1003');
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('sees a hole that opens %i ticks after the last was read', async (ticks) => {
    const feed = await stage.anOpenFeed();
    stage.log.reads.hold();
    stage.say(1);
    feed.offer(stage.say(1));
    stage.log.reads.open();
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();

    stage.say(1);
    feed.offer(stage.say(1));
    await settled();

    expect(feed.position).toBe(4);
  });

  describe('while the log is out of reach', () => {
    it('asks again after 50, 200, 500, 1000 and then every 2000 ms', async () => {
      const feed = await stage.anOpenFeed();
      stage.say(1);
      stage.log.reads.failNext(7);
      feed.offer(stage.say(1));
      await settled();

      const readAt: number[] = [];
      for (let ms = 0; ms < 8000 && feed.position < 2; ms += 50) {
        const callsBefore = stage.log.reads.calls;
        stage.clock.advance(50);
        await settled();
        if (stage.log.reads.calls > callsBefore) readAt.push(stage.clock.monotonic());
      }

      expect(readAt).toEqual([50, 250, 750, 1750, 3750, 5750, 7750]);
      expect(feed.position).toBe(2);
    });

    it('stops asking once it is closed', async () => {
      const feed = await stage.anOpenFeed();
      stage.log.reads.failNext();
      stage.say(1);
      feed.offer(stage.say(1));
      await settled();

      feed.close();
      stage.clock.advance(60_000);
      await settled();

      expect(stage.log.reads.calls).toBe(2);
    });
  });

  describe('doubt', () => {
    it('reads what was committed and never announced', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);
      stage.say(2);

      feed.doubt();
      await settled();

      expect(heard(socket)).toEqual(['..2']);
    });

    it('delivers nothing if nothing is there', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);

      feed.doubt();
      await settled();
      feed.offer(stage.say(1));

      expect(heard(socket)).toEqual([1]);
    });

    it('reads again if the log is being read already: that may have been before the commit', async () => {
      const feed = await stage.anOpenFeed();
      stage.log.reads.hold();
      feed.doubt();
      await settled();
      stage.log.reads.waiting[0]!.look();
      stage.say(1);

      feed.doubt();
      stage.log.reads.open();
      await settled();

      expect(feed.position).toBe(1);
    });

    it('leaves nothing to be done once the feed is closed', async () => {
      const feed = await stage.anOpenFeed();
      feed.doubt();
      await settled();

      feed.close();

      expect(stage.clock.waiting).toBe(0);
    });

    it('waits for the tail of the log, and is over if that cannot be read', async () => {
      stage.log.reads.failNext();
      const feed = stage.aFeed();

      feed.doubt();
      await expect(feed.opened).rejects.toThrow();
      await settled();

      expect(stage.log.reads.calls).toBe(1);
    });
  });
});

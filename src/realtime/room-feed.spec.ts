import { anEdit } from '../../test/support/a-message';
import { FeedStage, heard } from '../../test/support/feed-stage';
import { settled } from '../../test/support/turns';

describe('RoomFeed', () => {
  let stage: FeedStage;

  beforeEach(() => {
    stage = new FeedStage();
  });

  describe('opening', () => {
    it('reads the newest page and its position, once', async () => {
      stage.say(5);

      const feed = await stage.anOpenFeed();

      expect(feed.position).toBe(5);
      expect(feed.newestPage()).toEqual(await stage.log.recent(1, 3));
      expect(stage.log.reads.calls).toBe(2);
    });

    it('keeps what is offered meanwhile', async () => {
      stage.say(1);
      stage.log.reads.hold();
      const feed = stage.aFeed();
      stage.log.reads.waiting[0]!.look();
      feed.offer(stage.say(2));

      stage.log.reads.open();
      await feed.opened;

      expect(feed.position).toBe(3);
      expect(stage.log.reads.calls).toBe(1);
    });

    it('keeps no more than it should of what is offered meanwhile, and asks the log for it', async () => {
      stage.log.reads.hold();
      const feed = stage.aFeed();
      stage.log.reads.waiting[0]!.look();
      const offered = stage.say(1001);
      for (const change of offered) feed.offer([change]);

      stage.log.reads.waiting[0]!.answer();
      await feed.opened;
      const positionWithoutTheLog = feed.position;
      stage.log.reads.open();
      await settled();

      expect([positionWithoutTheLog, feed.position]).toEqual([0, 1001]);
    });

    it('rejects if the log cannot be read', async () => {
      stage.log.reads.failNext();

      const feed = stage.aFeed();

      await expect(feed.opened).rejects.toThrow('out of reach');
    });
  });

  describe('offer', () => {
    it('delivers each change live, in order, with one write for all of them', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);

      feed.offer(stage.say(3));

      expect(heard(socket)).toEqual([1, 2, 3]);
      expect(socket.writes).toHaveLength(1);
      expect(stage.log.reads.calls).toBe(1);
    });

    it('gives every reader the same bytes', async () => {
      const feed = await stage.anOpenFeed();
      const [ada, bob] = [stage.aLiveReaderOf(feed), stage.aLiveReaderOf(feed)];

      feed.offer(stage.say(2));

      expect(ada.socket.writes[0]).toBe(bob.socket.writes[0]);
    });

    it('drops twins and what has been delivered', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);
      const changes = stage.say(2);

      feed.offer([...changes, ...changes]);
      feed.offer(changes);

      expect(heard(socket)).toEqual([1, 2]);
    });

    it('holds back what came too early until what is missing comes', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);
      const [first, second, third] = stage.say(3);
      stage.log.reads.hold();

      feed.offer([third!]);
      feed.offer([second!]);
      feed.offer([first!]);
      stage.log.reads.open();
      await settled();

      expect(heard(socket)).toEqual([1, 2, 3]);
    });
  });

  describe('refresh', () => {
    it('reads to the end of the log', async () => {
      const feed = await stage.anOpenFeed();
      const { socket } = stage.aLiveReaderOf(feed);
      stage.say(150);

      await feed.refresh();

      expect(feed.position).toBe(150);
      expect(heard(socket)).toEqual(['..100', '..150']);
    });

    it('rejects if the log cannot be read', async () => {
      const feed = await stage.anOpenFeed();
      stage.log.reads.failNext();

      await expect(feed.refresh()).rejects.toThrow('out of reach');
    });
  });

  describe('whose log turns out to end before what has been delivered', () => {
    it('is of no use any more, whoever reads', async () => {
      stage.say(3);
      const outlived = jest.fn();
      const feed = await stage.anOpenFeed({ outlived });
      const { reader, socket } = stage.aReaderOf(feed, 1);
      stage.log.forget(1);
      stage.say(1);

      await expect(reader.catchUp({})).rejects.toMatchObject({ code: 'database_unavailable' });

      expect(outlived).toHaveBeenCalled();
      expect(socket.frames).toEqual([]);
      expect(reader.position).toBe(1);
    });

    it('is another one than a log that has grown while it was read', async () => {
      const outlived = jest.fn();
      const feed = await stage.anOpenFeed({ outlived, resumeMaxChanges: 0 });
      stage.log.reads.hold();
      const page = feed.changesAfter(-1, 10);
      await settled();
      stage.log.reads.waiting[0]!.look();
      feed.offer(stage.say(1));

      stage.log.reads.open();

      expect(await page).toMatchObject({ last_seq: 0 });
      expect(outlived).not.toHaveBeenCalled();
    });
  });

  it('keeps the newest page up to date', async () => {
    const feed = await stage.anOpenFeed();
    stage.say(4);
    feed.offer(stage.log.commit(anEdit({ messageId: 3 })));
    await settled();

    feed.offer(stage.say(1));

    expect(feed.newestPage()).toEqual(await stage.log.recent(1, 3));
  });

  it('tells of each time that the log could not be read', async () => {
    const feed = await stage.anOpenFeed();
    const fault = new Error('a fault');
    stage.log.reads.failNext(2, fault);
    stage.say(1);
    feed.offer(stage.say(1));
    await settled();

    stage.clock.advance(50);
    await settled();

    expect(stage.failures).toEqual([fault, fault]);
  });

  it('tells once of each reader that has gone', async () => {
    const detached = jest.fn();
    const feed = await stage.anOpenFeed({ detached });
    const [ada, bob] = [stage.aLiveReaderOf(feed), stage.aLiveReaderOf(feed)];

    ada.reader.close();
    bob.reader.close();
    bob.reader.close();

    expect(detached.mock.calls).toEqual([[ada.reader], [bob.reader]]);
  });
});

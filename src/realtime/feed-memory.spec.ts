import { anEdit } from '../../test/support/a-message';
import type { FakeRoomLog } from '../../test/support/fake-room-log';
import { FeedStage } from '../../test/support/feed-stage';
import type { RoomFeed } from './room-feed';

/** What a feed gives to readers who catch up, and what that costs. */
describe('the pages of a feed', () => {
  let stage: FeedStage;
  let log: FakeRoomLog;

  beforeEach(() => {
    stage = new FeedStage();
    log = stage.log;
  });

  async function aFeed(resumeMaxChanges = 10): Promise<RoomFeed> {
    const feed = await stage.anOpenFeed({ resumeMaxChanges });
    log.reads.calls = 0;
    return feed;
  }

  it('come from memory for what has passed since the feed was opened', async () => {
    const feed = await aFeed();
    feed.offer(stage.say(3));

    const page = await feed.changesAfter(1, 100);

    expect(log.reads.calls).toBe(0);
    expect(page).toEqual(await log.changesAfter(1, 1, 100));
  });

  it('are cut like those of the log', async () => {
    const feed = await aFeed();
    feed.offer(stage.say(3));
    feed.offer(log.commit(anEdit({ messageId: 1 })));

    const pages = [await feed.changesAfter(0, 2), await feed.changesAfter(3, 2)];

    expect(pages).toEqual([await log.changesAfter(1, 0, 2), await log.changesAfter(1, 3, 2)]);
    expect(pages.map(({ has_more }) => has_more)).toEqual([true, false]);
  });

  it('ask the log once for what was before, whoever asks', async () => {
    stage.say(8);
    const feed = await aFeed();

    const pages = await Promise.all([feed.changesAfter(2, 100), feed.changesAfter(5, 100)]);
    const later = await feed.changesAfter(0, 100);

    expect(log.reads.calls).toBe(1);
    expect(pages).toEqual([await log.changesAfter(1, 2, 100), await log.changesAfter(1, 5, 100)]);
    expect(later).toEqual(await log.changesAfter(1, 0, 100));
  });

  it('come from the log for what is further back than a resume may reach', async () => {
    stage.say(20);
    const feed = await aFeed();

    const page = await feed.changesAfter(3, 5);

    expect(page).toEqual(await log.changesAfter(1, 3, 5));
  });

  it('come from the log itself when it could not be read further back, which is tried again', async () => {
    stage.say(8);
    const feed = await aFeed();
    log.reads.failNext();

    const page = await feed.changesAfter(2, 100);
    const callsForTheFirst = log.reads.calls;
    const again = [await feed.changesAfter(2, 100), await feed.changesAfter(2, 100)];

    expect(callsForTheFirst).toBe(2);
    expect(log.reads.calls).toBe(3);
    expect([page, ...again]).toEqual(Array(3).fill(await log.changesAfter(1, 2, 100)));
  });

  it('reject if the log cannot be read at all', async () => {
    stage.say(8);
    const feed = await aFeed();
    log.reads.failNext(2);

    await expect(feed.changesAfter(2, 100)).rejects.toThrow('out of reach');
  });

  it('miss nothing if more passes than memory holds while the log is read further back', async () => {
    stage.say(2);
    const feed = await aFeed(3);
    log.reads.hold();
    const reading = feed.changesAfter(0, 100);
    log.reads.waiting[0]!.look();
    feed.offer(stage.say(5));
    log.reads.open();

    const pages = [await reading, await feed.changesAfter(2, 100)];

    expect(pages).toEqual([await log.changesAfter(1, 0, 100), await log.changesAfter(1, 2, 100)]);
  });

  it('show a new name of an author', async () => {
    const feed = await aFeed();
    feed.offer(stage.say(1));

    feed.rename(1, 'Countess');

    const { messages } = await feed.changesAfter(0, 100);
    expect([...messages, ...feed.newestPage().messages].map(({ username }) => username)).toEqual([
      'Countess',
      'Countess',
    ]);
  });
});

import { aConnection } from '../../test/support/a-connection';
import { FeedStage, heard, seqsIn } from '../../test/support/feed-stage';
import { settled } from '../../test/support/turns';
import type { RoomFeed } from './room-feed';

describe('a reader that catches up', () => {
  let stage: FeedStage;
  let feed: RoomFeed;

  beforeEach(async () => {
    stage = new FeedStage();
    feed = await stage.anOpenFeed();
  });

  it('writes pages from its position until nothing is missing, as answers to the request', async () => {
    const { reader, socket } = stage.aReaderOf(feed);
    feed.offer(stage.say(7));

    await reader.catchUp({ requestId: 'r1' });

    expect(seqsIn(socket)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(socket.framesOf('changes').map(({ data }) => data.has_more)).toEqual([true, true, false]);
    expect(socket.framesOf('changes').map(({ request_id }) => request_id)).toEqual(['r1', 'r1', 'r1']);
  });

  it('answers with one empty page if nothing is missing', async () => {
    const { reader, socket } = stage.aReaderOf(feed);

    await reader.catchUp({ requestId: 'r1' });

    const data = { room_id: 1, messages: [], last_seq: 0, epoch: stage.log.epoch, has_more: false };
    expect(socket.frames).toEqual([{ type: 'changes', request_id: 'r1', data }]);
  });

  it('writes nothing if nothing is missing and nobody asked', async () => {
    const { reader, socket } = stage.aReaderOf(feed);

    await reader.catchUp();

    expect(socket.frames).toEqual([]);
  });

  it('goes live behind what comes meanwhile', async () => {
    stage.say(5);
    feed = await stage.anOpenFeed();
    const { reader, socket } = stage.aReaderOf(feed, 0);
    stage.log.reads.hold();
    const caughtUp = reader.catchUp();
    await settled();
    feed.offer(stage.say(2));
    stage.log.reads.open();
    await caughtUp;

    feed.offer(stage.say(1));

    expect(seqsIn(socket)).toEqual([[1, 2, 3], [4, 5, 6], [7], 8]);
  });

  it('writes the page that another one promised, be it empty because the feed has not heard of the rest', async () => {
    stage.say(3);
    feed = await stage.anOpenFeed({ resumeMaxChanges: 2 });
    stage.say(4);
    const { reader, socket } = stage.aReaderOf(feed, 0);

    await reader.catchUp();

    expect(seqsIn(socket)).toEqual([[1, 2, 3], []]);
    expect(socket.framesOf('changes').map(({ data }) => data.has_more)).toEqual([true, false]);
  });

  it('promises no page with one behind which the readers go on live', async () => {
    const { socket } = stage.aLiveReaderOf(feed);

    feed.offer(stage.say(103).slice(100));
    await settled();

    expect(heard(socket)).toEqual(['..100', 101, 102, 103]);
    expect(socket.framesOf('changes').map(({ data }) => data.has_more)).toEqual([false]);
  });

  it('goes on from the log where that is ahead of the feed, and writes nothing twice', async () => {
    stage.say(1200);
    feed = await stage.anOpenFeed();
    const unheard = stage.say(2);
    const { reader, socket } = stage.aReaderOf(feed, 0);
    const { changesAfter } = stage.log;
    stage.log.changesAfter = (roomId, seq) => changesAfter.call(stage.log, roomId, seq, 2000);
    await reader.catchUp();

    feed.offer([...unheard, ...stage.say(1)]);

    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([1202]);
    expect(seqsIn(socket).at(-1)).toBe(1203);
  });

  it('rejects if the log cannot be read, and is not live', async () => {
    stage.say(2);
    feed = await stage.anOpenFeed();
    const { reader, socket } = stage.aReaderOf(feed, 0);
    stage.log.reads.failNext(2);

    await expect(reader.catchUp({})).rejects.toThrow('out of reach');
    feed.offer(stage.say(1));

    expect(socket.frames).toEqual([]);
  });

  it('shares the socket: of several rooms one page is read at a time', async () => {
    stage.say(2);
    stage.say(2, 2);
    const on = aConnection();
    const first = stage.aReaderOf(await stage.anOpenFeed(), 0, on).reader;
    const second = stage.aReaderOf(await stage.anOpenFeed({ roomId: 2 }), 0, on).reader;
    stage.log.reads.hold();

    const both = Promise.all([first.catchUp(), second.catchUp()]);
    await settled();
    const readsAtOnce = stage.log.reads.waiting.length;
    stage.log.reads.open();
    await both;

    expect(readsAtOnce).toBe(1);
    expect(on.socket.framesOf('changes').map(({ data }) => [data.room_id, data.last_seq])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

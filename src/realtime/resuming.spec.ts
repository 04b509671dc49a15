import { aConnection } from '../../test/support/a-connection';
import { FeedsStage, liveSeqs } from '../../test/support/feeds-stage';

describe('a resuming join', () => {
  let stage: FeedsStage;

  beforeEach(() => {
    stage = new FeedsStage();
  });

  it('answers with pages of what was missed, then live frames', async () => {
    stage.say(9);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 3, requestId: 'r1' });
    stage.feeds.offer(stage.say(1));

    expect(socket.framesOf('changes').map(({ request_id, data }) => [request_id, data.last_seq])).toEqual([
      ['r1', 7],
      ['r1', 9],
    ]);
    expect(liveSeqs(socket)).toEqual([10]);
  });

  it('answers with one empty page if nothing was missed', async () => {
    stage.say(4);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 4 });

    const data = { room_id: 1, messages: [], last_seq: 4, epoch: stage.log.epoch, has_more: false };
    expect(socket.frames).toEqual([{ type: 'changes', data }]);
  });

  it('is answered with everything up to as many missed changes as may be', async () => {
    stage.say(12);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 2 });

    expect(socket.framesOf('changes').map(({ data }) => data.last_seq)).toEqual([6, 10, 12]);
    expect(socket.framesOf('messages_history')).toEqual([]);
  });

  it.each([0, 1])('from %i, too far back, gets the gap that is not replayed', async (afterSeq) => {
    stage.say(12);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq });
    stage.feeds.offer(stage.say(1));

    const gap = { from_seq: afterSeq + 1, to_seq: 12 };
    expect(socket.framesOf('messages_history').map(({ data }) => data.gap)).toEqual([gap]);
    expect(liveSeqs(socket)).toEqual([13]);
  });

  it('from beyond the log’s end gets everything as the gap', async () => {
    stage.say(4);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 9 });

    const gap = { from_seq: 1, to_seq: 4 };
    expect(socket.framesOf('messages_history')[0]!.data).toMatchObject({ last_seq: 4, gap });
  });

  it('from beyond what this node has heard of asks the log first', async () => {
    await stage.aReaderOf(1);
    stage.say(4);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 3 });

    expect(socket.framesOf('changes').map(({ data }) => data.messages.map(({ seq }) => seq))).toEqual([[4]]);
  });

  it('with the epoch of this log is believed', async () => {
    stage.say(4);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 3, epoch: 'first-life' });

    expect(socket.frames.map(({ type }) => type)).toEqual(['changes']);
  });

  it('with the epoch of another log gets everything as the gap', async () => {
    stage.say(4);
    const { connection, socket } = aConnection();

    await stage.feeds.join(connection, 1, { afterSeq: 3, epoch: 'another-life' });

    const gap = { from_seq: 1, to_seq: 4 };
    expect(socket.frames).toMatchObject([{ type: 'messages_history', data: { last_seq: 4, gap } }]);
  });

  it('rejects if the log cannot be read on, and reads the room no more', async () => {
    stage.say(9);
    const { connection, socket } = await stage.aReaderOf(1);
    stage.log.reads.failNext(2);

    await expect(stage.feeds.join(connection, 1, { afterSeq: 1 })).rejects.toThrow('out of reach');
    stage.feeds.offer(stage.say(1));

    expect(connection.readers.size).toBe(0);
    expect(socket.frames).toEqual([]);
  });
});

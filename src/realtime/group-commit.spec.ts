import { aDraft, anEdit } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { ChatError } from '../common/chat-error';
import { GroupCommit } from './group-commit';
import type { Change, Draft } from './room-log';

describe('GroupCommit', () => {
  let log: FakeRoomLog;
  let clock: ManualClock;
  let commits: GroupCommit;
  let announced: Change[];
  let doubted: number[][];
  let flushed: { drafts: number; durationMs: number }[];

  beforeEach(() => {
    log = new FakeRoomLog(1, 2);
    clock = new ManualClock();
    [announced, doubted, flushed] = [[], [], []];
    commits = new GroupCommit(
      log,
      clock,
      { flushMaxDrafts: 3, flushAmpleDrafts: 3, queueMaxDrafts: 5, queueMaxMs: 4000 },
      {
        committed: (changes) => announced.push(...changes),
        doubted: (roomIds) => doubted.push([...roomIds]),
        flushed: (flush) => flushed.push(flush),
      },
    );
  });

  /** Appends; gives the id, or the code of the refusal with its outcome. */
  const append = (draft: Draft = aDraft()): Promise<number | string> =>
    commits.append(draft).then(
      ({ message }) => message.id,
      (error: ChatError) => `${error.code}, ${error.details.outcome}`,
    );

  const sizes = () => flushed.map(({ drafts }) => drafts);

  it('commits what one turn brings together', async () => {
    const ids = await Promise.all([append(), append(), append(aDraft({ roomId: 2 }))]);

    expect(ids).toEqual([1, 2, 1]);
    expect(sizes()).toEqual([3]);
  });

  it('commits what comes during a commit together, after it', async () => {
    log.appends.hold();
    const first = append();
    await settled();
    const later = [append(), append()];
    await settled();
    const atOnce = log.appends.waiting.length;

    log.appends.open();
    const ids = await Promise.all([first, ...later]);

    expect(atOnce).toBe(1);
    expect(ids).toEqual([1, 2, 3]);
    expect(sizes()).toEqual([1, 2]);
  });

  it('puts no more into one commit than it should, and keeps the order', async () => {
    const contents = ['a', 'b', 'c', 'd', 'e'];

    await Promise.all(contents.map((content) => append(aDraft({ content }))));

    expect(sizes()).toEqual([3, 2]);
    expect([...log.stateAt(1).values()].map(({ content }) => content)).toEqual(contents);
  });

  it('announces what is durable, in order, before its sender is answered', async () => {
    const announcedBefore = commits.append(aDraft()).then(() => announced.length);
    const reply = append(aDraft({ replyToId: 1 }));

    expect(await announcedBefore).toBe(3);
    await reply;
    expect(announced.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('announces nothing before it is durable', async () => {
    log.appends.hold();
    const appended = append();
    await settled();
    log.appends.waiting[0]!.look();
    const early = announced.length;

    log.appends.open();
    await appended;

    expect([early, announced.length]).toEqual([0, 1]);
  });

  it('answers a draft that cannot be stored alone, and stores the others', async () => {
    const answers = await Promise.all([append(), append(anEdit({ messageId: 7 })), append()]);

    expect(answers).toEqual([1, 'message_not_found, not_stored', 2]);
    expect(announced.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(doubted).toEqual([]);
  });

  it('answers all of a commit that failed, and goes on with the next', async () => {
    const failure = new ChatError('database_unavailable', { outcome: 'not_stored' });
    log.appends.failNext(1, failure);

    const answers = await Promise.all([append(), append(), append(), append()]);

    expect(answers).toEqual([...Array<string>(3).fill('database_unavailable, not_stored'), 1]);
    expect(sizes()).toEqual([3, 1]);
    expect(doubted).toEqual([]);
  });

  it('doubts each room of a commit whose outcome is unknown, once', async () => {
    const failure = new ChatError('database_unavailable', { outcome: 'unknown' });
    log.appends.failNext(1, failure);

    const answers = await Promise.all([append(), append(aDraft({ roomId: 2 })), append()]);

    expect(answers).toEqual(Array(3).fill('database_unavailable, unknown'));
    expect(doubted).toEqual([[1, 2]]);
  });

  it('doubts the room of a single draft whose outcome is unknown', async () => {
    const unknown = new ChatError('database_unavailable', { outcome: 'unknown' });
    const { append: store } = log;
    log.append = async (drafts) => [...(await store.call(log, drafts.slice(1))), unknown].reverse();

    const answers = await Promise.all([append(aDraft({ roomId: 2 })), append()]);

    expect(answers).toEqual(['database_unavailable, unknown', 1]);
    expect(doubted).toEqual([[2]]);
  });

  it('doubts the room of what had been stored before: perhaps nobody has heard of that', async () => {
    const draft = aDraft({ clientMsgId: 'once' });
    await append(draft);
    const doubtedBefore = doubted.length;

    const answer = await append(draft);

    expect([answer, doubtedBefore]).toEqual([1, 0]);
    expect(doubted).toEqual([[1]]);
  });

  it('refuses more than may wait, and says when to come again', async () => {
    log.appends.hold();
    const underWay = append();
    await settled();
    const waiting = Array.from({ length: 5 }, () => append());

    const refusal = await commits.append(aDraft()).catch((error: unknown) => error);
    const length = commits.queueLength;
    log.appends.open();
    await Promise.all([underWay, ...waiting]);

    expect(refusal).toMatchObject({
      code: 'server_busy',
      details: { outcome: 'not_stored', retryAfterMs: 1000 },
    });
    expect(length).toBe(5);
    expect(log.end(1)).toBe(6);
  });

  it('answers what has waited too long behind a commit that hangs, and never stores it', async () => {
    log.appends.hold();
    const hanging = append();
    await settled();
    const early = append();
    clock.advance(1000);
    const late = append();

    clock.advance(3000);
    const answer = await early;
    log.appends.open();

    expect(answer).toBe('database_unavailable, not_stored');
    expect(await Promise.all([hanging, late])).toEqual([1, 2]);
    expect(log.end(1)).toBe(2);
  });

  it('watches each draft for its own time', async () => {
    log.appends.hold();
    void append();
    await settled();
    const answers: unknown[] = [];
    for (let second = 0; second < 3; second++) {
      void append().then((answer) => answers.push(answer));
      clock.advance(1000);
    }

    const countAfter: number[] = [];
    for (let second = 3; second < 7; second++) {
      clock.advance(1000);
      await settled();
      countAfter.push(answers.length);
    }

    expect(countAfter).toEqual([1, 2, 3, 3]);
  });

  it('tells how long a commit took', async () => {
    log.appends.hold();
    const appended = append();
    await settled();
    clock.advance(30);
    log.appends.open();
    await appended;

    expect(flushed).toEqual([{ drafts: 1, durationMs: 30 }]);
  });

  it('is idle when nothing waits and nothing is being committed', async () => {
    log.appends.hold();
    const order: string[] = [];
    void append().then(() => order.push('first'));
    await settled();
    void append().then(() => order.push('second'));

    const idle = commits.idle().then(() => order.push('idle'));
    log.appends.open();
    await idle;

    expect(order).toEqual(['first', 'second', 'idle']);
  });
});

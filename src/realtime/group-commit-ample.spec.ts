import { aDraft } from '../../test/support/a-message';
import { FakeRoomLog } from '../../test/support/fake-room-log';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { ChatError } from '../common/chat-error';
import { GroupCommit } from './group-commit';
import type { Change } from './room-log';

describe('GroupCommit, while much waits', () => {
  let log: FakeRoomLog;
  let commits: GroupCommit;
  let announced: Change[];
  let doubted: number[][];
  let announcing: () => void;

  beforeEach(() => {
    log = new FakeRoomLog(1);
    [announced, doubted] = [[], []];
    announcing = () => undefined;
    commits = new GroupCommit(
      log,
      new ManualClock(),
      { flushMaxDrafts: 3, flushAmpleDrafts: 2, queueMaxDrafts: 5, queueMaxMs: 4000 },
      {
        committed: (changes) => {
          announcing();
          announced.push(...changes);
        },
        doubted: (roomIds) => doubted.push([...roomIds]),
        flushed: () => undefined,
      },
    );
  });

  /** Appends; gives the id, or the code of the refusal with its outcome. */
  const append = (): Promise<number | string> =>
    commits.append(aDraft()).then(
      ({ message }) => message.id,
      (error: ChatError) => `${error.code}, ${error.details.outcome}`,
    );

  it.each([
    {
      waiting: 2,
      title: 'gives the log what waits, if it is ample, before it announces what has been stored',
      given: 2,
    },
    { waiting: 1, title: 'lets more come before it begins with little', given: 1 },
  ])('$title', async ({ waiting, given }) => {
    log.appends.hold();
    const first = append();
    await settled();
    const later = Array.from({ length: waiting }, () => append());
    const givenWhenAnnounced: number[] = [];
    announcing = () => givenWhenAnnounced.push(log.appends.calls);

    log.appends.open();
    await Promise.all([first, ...later]);

    expect(givenWhenAnnounced[0]).toBe(given);
    expect(announced.map(({ seq }) => seq)).toEqual([1, 2, 3].slice(0, 1 + waiting));
  });

  it('goes on with the group that it has begun when the outcome of the one before is unknown', async () => {
    log.appends.hold();
    const first = append();
    await settled();
    const later = [append(), append()];
    log.appends.waiting[0]!.fail(new ChatError('database_unavailable', { outcome: 'unknown' }));
    await settled();
    log.appends.open();

    expect(await Promise.all([first, ...later])).toEqual(['database_unavailable, unknown', 1, 2]);
    expect(doubted).toEqual([[1]]);
    expect(announced.map(({ seq }) => seq)).toEqual([1, 2]);
  });
});

import { aDraft } from '../../test/support/a-message';
import { SystemClock } from '../common/clock';
import { GroupCommit } from './group-commit';
import { type Appended, type Draft, RoomLog } from './room-log';

/** Takes every draft at once. */
class InstantLog extends RoomLog {
  append(drafts: readonly Draft[]): Promise<Appended[]> {
    return Promise.resolve(drafts.map(() => ({ changes: [], isDuplicate: false }) as unknown as Appended));
  }

  changesAfter(): Promise<never> {
    return Promise.reject(new Error('nobody reads here'));
  }

  movedOn(): Promise<never> {
    return Promise.reject(new Error('nobody reads here'));
  }

  recent(): Promise<never> {
    return Promise.reject(new Error('nobody reads here'));
  }
}

const draft: Draft = aDraft();

describe('GroupCommit, becoming idle', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])(
    'begins anew with a draft that comes %i turns after its last answer',
    async (turns) => {
      const ignore = () => undefined;
      const commits = new GroupCommit(
        new InstantLog(),
        new SystemClock(),
        { flushMaxDrafts: 10, flushAmpleDrafts: 10, queueMaxDrafts: 10, queueMaxMs: 500 },
        { committed: ignore, doubted: ignore, flushed: ignore },
      );
      await commits.append(draft);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();

      await expect(commits.append(draft)).resolves.toBeDefined();
    },
  );
});

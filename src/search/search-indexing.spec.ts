import { Logger } from '@nestjs/common';
import { Gate } from '../../test/support/gate';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import type { SearchIndexRepository } from './search-index.repository';
import { SearchIndexing } from './search-indexing';

describe('the indexing of messages', () => {
  let clock: ManualClock;
  let gate: Gate;
  let indexing: SearchIndexing;
  /** Rows that are due, and the newest that there is. */
  let due: number;
  let newest: number | null;

  beforeEach(() => {
    clock = new ManualClock();
    gate = new Gate();
    [due, newest] = [0, null];
    const index: Pick<SearchIndexRepository, 'newest' | 'takeIn'> = {
      newest: () => Promise.resolve(newest),
      takeIn: () => gate.pass(() => (due > 0 ? due-- && 1 : 0)),
    };
    indexing = new SearchIndexing(index as SearchIndexRepository, clock);
    indexing.onApplicationBootstrap();
  });

  const seconds = async (count: number) => {
    for (let n = 0; n < count * 5; n++) {
      clock.advance(200);
      await settled();
    }
  };

  it('goes on until nothing is due, about once a second', async () => {
    [due, newest] = [3, 3];
    await seconds(2);
    const [before, left] = [gate.calls, due];
    [due, newest] = [1, 4];
    await seconds(2);

    expect([before, left]).toEqual([4, 0]);
    expect([gate.calls, due]).toEqual([6, 0]);
  });

  it('does not look again at what was not due, until something is new', async () => {
    newest = 7;
    await seconds(10);
    const before = gate.calls;
    newest = 8;
    await seconds(2);

    expect(before).toBe(1);
    expect(gate.calls).toBe(2);
  });

  it('goes on after a fault, and says so', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    [due, newest] = [1, 1];
    gate.failNext();
    await seconds(20);

    expect(due).toBe(0);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('ends with the node, in the middle of much', async () => {
    [due, newest] = [100, 100];
    gate.hold();
    await seconds(2);
    indexing.onModuleDestroy();
    gate.open();
    await seconds(10);

    expect(gate.calls).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});

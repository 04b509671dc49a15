import { Logger } from '@nestjs/common';
import { Gate } from '../../test/support/gate';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { MESSAGES_AT_ONCE, type SearchIndexRepository } from './search-index.repository';
import { SearchIndexing } from './search-indexing';

describe('the indexing of messages', () => {
  let clock: ManualClock;
  let gate: Gate;
  let indexing: SearchIndexing;
  /** Messages that are due, of which a call takes as many as it may; null: somebody else is at them. */
  let due: number | null;
  let backlog: { rows: number; newest: number | null };

  beforeEach(() => {
    clock = new ManualClock();
    gate = new Gate();
    due = 0;
    backlog = { rows: 0, newest: null };
    const index: Pick<SearchIndexRepository, 'backlog' | 'takeIn'> = {
      backlog: () => Promise.resolve({ ...backlog }),
      takeIn: () =>
        gate.pass(() => {
          if (due === null) return null;
          const taken = Math.min(due, MESSAGES_AT_ONCE);
          due -= taken;
          return taken;
        }),
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

  it('takes in what is due, about once a second', async () => {
    [due, backlog] = [3, { rows: 1, newest: 1 }];
    await seconds(1.2);
    const [calls, left] = [gate.calls, due];
    [due, backlog] = [1, { rows: 1, newest: 2 }];
    await seconds(1.2);

    expect([calls, left]).toEqual([1, 0]);
    expect([gate.calls, due]).toEqual([2, 0]);
  });

  it('goes on while there is much', async () => {
    [due, backlog] = [2.5 * MESSAGES_AT_ONCE, { rows: 9, newest: 9 }];
    await seconds(1.2);

    expect([gate.calls, due]).toEqual([3, 0]);
  });

  it.each([
    ['more', { rows: 2, newest: 8 }],
    ['something that was numbered before', { rows: 2, newest: 7 }],
    ['less', { rows: 0, newest: null }],
  ])('does not look again at what was not due, until there is %s', async (_, next) => {
    backlog = { rows: 1, newest: 7 };
    await seconds(10);
    const before = gate.calls;
    backlog = next;
    await seconds(10);

    expect(before).toBe(1);
    expect(gate.calls).toBe(2);
  });

  it('does not believe that nothing is due while another node is at it', async () => {
    [due, backlog] = [null, { rows: 1, newest: 1 }];
    await seconds(3);
    due = 1;
    await seconds(1.2);

    expect(due).toBe(0);
  });

  it('goes on after a fault, and says so', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    [due, backlog] = [1, { rows: 1, newest: 1 }];
    gate.failNext();
    await seconds(20);

    expect(due).toBe(0);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('ends with the node, in the middle of much', async () => {
    [due, backlog] = [100 * MESSAGES_AT_ONCE, { rows: 100, newest: 100 }];
    gate.hold();
    await seconds(2);
    indexing.onModuleDestroy();
    gate.open();
    await seconds(10);

    expect(gate.calls).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});

import { Logger } from '@nestjs/common';
import { Gate } from '../../test/support/gate';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { Metrics } from '../health/metrics';
import { type Backlog, MESSAGES_AT_ONCE, type SearchIndexRepository } from './search-index.repository';
import { SearchIndexing } from './search-indexing';

describe('the indexing of messages', () => {
  let clock: ManualClock;
  let gate: Gate;
  let indexing: SearchIndexing;
  /** Messages that are due, of which a call takes as many as it may; null: somebody else is at them. */
  let due: number | null;
  let backlog: Backlog;
  let metrics: Metrics;

  beforeEach(() => {
    clock = new ManualClock();
    gate = new Gate();
    metrics = new Metrics();
    due = 0;
    backlog = { messages: 0, newest: null };
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
    indexing = new SearchIndexing(index as SearchIndexRepository, clock, metrics);
    indexing.onApplicationBootstrap();
  });

  const seconds = async (count: number) => {
    for (let n = 0; n < count * 5; n++) {
      clock.advance(200);
      await settled();
    }
  };

  it('takes in what is due, about once a second', async () => {
    [due, backlog] = [3, { messages: 1, newest: 1 }];
    await seconds(1.2);
    const [calls, left] = [gate.calls, due];
    [due, backlog] = [1, { messages: 1, newest: 2 }];
    await seconds(1.2);

    expect([calls, left]).toEqual([1, 0]);
    expect([gate.calls, due]).toEqual([2, 0]);
  });

  it('tells how much waits', async () => {
    backlog = { messages: 1234, newest: 9 };
    await seconds(1.2);

    expect(await metrics.read()).toMatch(/^chat_search_backlog 1234$/m);
  });

  it('tells so while it goes on, too', async () => {
    [due, backlog] = [3 * MESSAGES_AT_ONCE, { messages: 6000, newest: 9 }];
    gate.hold();
    await seconds(1.2);
    backlog = { messages: 4000, newest: 9 };
    gate.waiting[0]!.answer();
    await settled();

    expect(await metrics.read()).toMatch(/^chat_search_backlog 4000$/m);
  });

  it('goes on while there is much', async () => {
    [due, backlog] = [2.5 * MESSAGES_AT_ONCE, { messages: 9, newest: 9 }];
    await seconds(1.2);

    expect([gate.calls, due]).toEqual([3, 0]);
  });

  it.each([
    ['more', { messages: 2, newest: 8 }],
    ['something that was numbered before', { messages: 2, newest: 7 }],
    ['less', { messages: 0, newest: null }],
  ])('does not look again at what was not due, until there is %s', async (_, next) => {
    backlog = { messages: 1, newest: 7 };
    await seconds(10);
    const before = gate.calls;
    backlog = next;
    await seconds(10);

    expect(before).toBe(1);
    expect(gate.calls).toBe(2);
  });

  it('does not believe that nothing is due while another node is at it', async () => {
    [due, backlog] = [null, { messages: 1, newest: 1 }];
    await seconds(3);
    due = 1;
    await seconds(1.2);

    expect(due).toBe(0);
  });

  it('goes on after a fault, and says so', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    [due, backlog] = [1, { messages: 1, newest: 1 }];
    gate.failNext();
    await seconds(20);

    expect(due).toBe(0);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('ends with the node, in the middle of much', async () => {
    [due, backlog] = [100 * MESSAGES_AT_ONCE, { messages: 100, newest: 100 }];
    gate.hold();
    await seconds(2);
    indexing.onModuleDestroy();
    gate.open();
    await seconds(10);

    expect(gate.calls).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});

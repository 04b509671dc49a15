import { messages } from '../../test/support/a-message';
import { ManualClock } from '../../test/support/manual-clock';
import type { ChangesPage } from '../protocol/models';
import { ResumeMemory } from './resume-memory';

const EPOCH = 'one';
const LIMIT = 1000;

describe('ResumeMemory', () => {
  let clock: ManualClock;
  let reads: number[];
  let memory: ResumeMemory;

  /** A room that was opened empty and has come to `position`, one change after the other. */
  function aMemoryAt(position: number, maxChanges = 1000): void {
    clock = new ManualClock();
    reads = [];
    memory = new ResumeMemory(0, {
      maxChanges,
      clock,
      read: (seq, limit) => {
        reads.push(seq);
        const last = Math.min(position, seq + limit);
        return Promise.resolve({ ...page(seq, last), has_more: last < position });
      },
    });
    memory.push(messages(1, position), position);
  }

  const page = (seq: number, last: number): ChangesPage => ({
    messages: messages(seq + 1, last),
    last_seq: last,
    epoch: EPOCH,
    has_more: false,
  });

  it('answers for a short absence by itself', async () => {
    aMemoryAt(900);

    expect(await memory.pageAfter(700, LIMIT, EPOCH)).toEqual(page(700, 900));
    expect(reads).toEqual([]);
  });

  it('has the log read once, as far back as a resume may reach, for all who were away for longer', async () => {
    aMemoryAt(1500);

    const pages = await Promise.all([500, 1200].map((seq) => memory.pageAfter(seq, LIMIT, EPOCH)));
    const later = await memory.pageAfter(600, LIMIT, EPOCH);

    expect(pages).toEqual([page(500, 1500), page(1200, 1500)]);
    expect(later).toEqual(page(600, 1500));
    expect(reads).toEqual([500]);
  });

  it('has nothing for whoever is further behind than a resume may reach', async () => {
    aMemoryAt(1500);

    expect(await memory.pageAfter(499, LIMIT, EPOCH)).toBeNull();
    expect(reads).toEqual([]);
  });

  it('lets go of what reaches far back when nobody has needed it for a while', async () => {
    aMemoryAt(900);
    await memory.pageAfter(0, LIMIT, EPOCH);
    clock.advance(6000);
    await memory.pageAfter(0, LIMIT, EPOCH);
    clock.advance(6000);
    await memory.pageAfter(100, LIMIT, EPOCH);
    const readsInUse = reads.length;

    clock.advance(10_000);
    const near = await memory.pageAfter(700, LIMIT, EPOCH);
    const readsForNear = reads.length;
    const far = await memory.pageAfter(0, LIMIT, EPOCH);

    expect([near, far]).toEqual([page(700, 900), page(0, 900)]);
    expect([readsInUse, readsForNear, reads.length]).toEqual([1, 1, 2]);
  });
});

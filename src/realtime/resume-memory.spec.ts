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
  let failure: Error | null;
  let failures: unknown[];
  let end: number;

  /** A room that was opened empty and has come to `position`, one change after the other. */
  function aMemoryAt(position: number, maxChanges = 1000): void {
    clock = new ManualClock();
    reads = [];
    failure = null;
    end = position;
    failures = [];
    memory = new ResumeMemory(0, {
      maxChanges,
      clock,
      failed: (error) => failures.push(error),
      read: (seq, limit) => {
        reads.push(seq);
        if (failure) return Promise.reject(failure);
        const last = Math.min(end, seq + limit);
        return Promise.resolve({ ...page(seq, last), has_more: last < end });
      },
    });
    memory.push(messages(1, position), position);
  }

  function more(last: number): void {
    memory.push(messages(end + 1, last), last);
    end = last;
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

  it('reaches back in a room in which more passes meanwhile than is kept', async () => {
    aMemoryAt(900);

    const asked = memory.pageAfter(600, LIMIT, EPOCH);
    more(1200);

    expect(await asked).toEqual(page(600, 1200));
    expect(await memory.pageAfter(500, LIMIT, EPOCH)).toEqual(page(500, 1200));
    expect(reads).toEqual([0]);
  });

  it('tries again to reach back if more passed than a resume may miss, and when the log could not be read', async () => {
    aMemoryAt(300, 250);
    const asked = memory.pageAfter(60, LIMIT, EPOCH);
    more(700);
    const overtaken = await asked;
    const outOfReach = (failure = new Error('out of reach'));
    const failed = await memory.pageAfter(460, LIMIT, EPOCH);
    failure = null;

    const answered = await memory.pageAfter(460, LIMIT, EPOCH);

    expect([overtaken, failed]).toEqual([null, null]);
    expect(failures).toEqual([outOfReach]);
    expect(answered).toEqual(page(460, 700));
    expect(reads).toEqual([50, 450, 450]);
  });

  it('leaves nothing to be done if it is closed while it reaches back', async () => {
    aMemoryAt(900);
    const asked = memory.pageAfter(0, LIMIT, EPOCH);

    memory.close();
    await asked;

    expect(clock.waiting).toBe(0);
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

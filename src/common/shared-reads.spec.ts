import { setImmediate as turnsEnd } from 'node:timers/promises';
import { SharedReads } from './shared-reads';

/** A log that tells with what it was read how far it had come by then. */
function aLog() {
  const log = { reads: 0, position: 1, read: () => Promise.resolve(++log.reads && log.position) };
  return log;
}

describe('SharedReads', () => {
  it('reads once for all who ask in one turn', async () => {
    const reads = new SharedReads<number>();
    const log = aLog();

    const answers = await Promise.all([1, 2, 3].map(() => reads.read('room 1', log.read)));

    expect(answers).toEqual([1, 1, 1]);
    expect(log.reads).toBe(1);
  });

  it('gives everyone what stood there when the last of them asked, or later', async () => {
    const reads = new SharedReads<number>();
    const log = aLog();

    const early = reads.read('room 1', log.read);
    log.position = 2;
    const late = reads.read('room 1', log.read);

    expect(await Promise.all([early, late])).toEqual([2, 2]);
  });

  it('gives nobody what a read has found that began before they asked', async () => {
    const reads = new SharedReads<number>();
    const log = aLog();
    const found: ((position: number) => void)[] = [];
    const slow = () => new Promise<number>((resolve) => found.push(resolve));

    const early = reads.read('room 1', slow);
    await turnsEnd();
    log.position = 2;
    const late = reads.read('room 1', log.read);

    expect(await late).toBe(2);
    found[0]!(1);
    expect(await early).toBe(1);
  });

  it('keeps apart what is asked for under different keys', async () => {
    const reads = new SharedReads<string>();

    const answers = await Promise.all(
      ['room 1', 'room 2'].map((key) => reads.read(key, () => Promise.resolve(`of ${key}`))),
    );

    expect(answers).toEqual(['of room 1', 'of room 2']);
  });

  it('fails all who asked together, and nobody after them', async () => {
    const reads = new SharedReads<number>();
    const fail = () => Promise.reject(new Error('gone'));

    const together = await Promise.allSettled([reads.read('room 1', fail), reads.read('room 1', fail)]);

    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await reads.read('room 1', aLog().read)).toBe(1);
  });
});

import { setImmediate as turnsEnd } from 'node:timers/promises';
import { ReadsUnderWay } from './reads-under-way';

/** Something whose readers are answered when the test says so, with what was stored when they asked. */
function aSlowStore() {
  const waiting: (() => void)[] = [];
  const kept: number[] = [];
  const store = {
    stored: 1,
    asked: 0,
    kept,
    read: () => {
      const { stored } = store;
      store.asked++;
      return new Promise<number>((resolve) => waiting.push(() => resolve(stored)));
    },
    keep: (value: number) => void kept.push(value),
    answer: async () => {
      waiting.shift()?.();
      await turnsEnd();
    },
  };
  return store;
}

describe('ReadsUnderWay', () => {
  it('reads once for all who ask for a key while it is read, and keeps it once', async () => {
    const reads = new ReadsUnderWay<number>();
    const store = aSlowStore();

    const answers = ['a', 'a', 'b'].map((key) => reads.read(key, store.read, store.keep));
    await store.answer();
    await store.answer();

    await expect(Promise.all(answers)).resolves.toEqual([1, 1, 1]);
    expect(store).toMatchObject({ asked: 2, kept: [1, 1] });
  });

  it('has kept what it read before anybody goes on with it', async () => {
    const reads = new ReadsUnderWay<number>();
    const store = aSlowStore();

    const keptByThen = reads.read('a', store.read, store.keep).then(() => [...store.kept]);
    await store.answer();

    await expect(keptByThen).resolves.toEqual([1]);
  });

  it.each<[string, (reads: ReadsUnderWay<number>) => void]>([
    ['the key', (reads) => reads.changed('a:1')],
    ['a group of keys', (reads) => reads.changedWhere((key) => key.startsWith('a:'))],
  ])('reads again, as often as it must, what has changed meanwhile: %s', async (_, change) => {
    const reads = new ReadsUnderWay<number>();
    const store = aSlowStore();

    const asked = reads.read('a:1', store.read, store.keep);
    for (const next of [2, 3]) {
      store.stored = next;
      change(reads);
      await store.answer();
    }
    const joined = reads.read('a:1', store.read, store.keep);
    await store.answer();

    await expect(Promise.all([asked, joined])).resolves.toEqual([3, 3]);
    expect(store).toMatchObject({ asked: 3, kept: [3] });
  });

  it('does not read again what did not change', async () => {
    const reads = new ReadsUnderWay<number>();
    const store = aSlowStore();

    const asked = reads.read('a:1', store.read, store.keep);
    reads.changed('a:2');
    reads.changedWhere((key) => key.startsWith('b:'));
    await store.answer();

    await expect(asked).resolves.toBe(1);
    expect(store.asked).toBe(1);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('gone'))],
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
  ])('tells of a read that %s, and begins a new one for whoever asks next', async (_, failing) => {
    const reads = new ReadsUnderWay<number>();
    const store = aSlowStore();

    await expect(reads.read('a', failing, store.keep)).rejects.toThrow('gone');
    const next = reads.read('a', store.read, store.keep);
    await store.answer();

    await expect(next).resolves.toBe(1);
    expect(store.kept).toEqual([1]);
  });
});

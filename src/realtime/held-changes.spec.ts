import { aChange, changes } from '../../test/support/a-message';
import { itBySeed } from '../../test/support/seeded';
import { HeldChanges } from './held-changes';

const MAX = 5;

function holding(...seqs: number[]): HeldChanges {
  const held = new HeldChanges(MAX);
  for (const seq of seqs) held.add(aChange({ id: seq }));
  return held;
}

const takenAfter = (held: HeldChanges, seq: number): number[] =>
  held.takeAfter(seq).map((change) => change.seq);

describe('HeldChanges', () => {
  it('gives what follows without a hole, and keeps what stands behind one', () => {
    const held = holding(1, 2, 4, 5);

    expect(takenAfter(held, 0)).toEqual([1, 2]);
    expect(takenAfter(held, 2)).toEqual([]);

    held.add(aChange({ id: 3 }));
    expect(takenAfter(held, 2)).toEqual([3, 4, 5]);
    expect(takenAfter(held, 5)).toEqual([]);
  });

  itBySeed('puts in order what comes in any', async (random) => {
    const arriving = changes(1, 100);
    const held = new HeldChanges(100);
    while (arriving.length > 0) held.add(arriving.splice(random.below(arriving.length), 1)[0]!);

    expect(takenAfter(held, 0)).toEqual(changes(1, 100).map(({ seq }) => seq));
  });

  it('gives all that came at once, but keeps no more than it may until they are taken', () => {
    const atOnce = holding(1, 2, 3, 4, 5, 6);
    const [waiting, tooMany] = [holding(1, 2, 3, 4, 5), holding(1, 2, 3, 4, 5, 6)];
    waiting.bound();
    tooMany.bound();

    const taken = [atOnce, waiting, tooMany].map((held) => takenAfter(held, 0));

    expect(taken).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5], []]);
  });

  it('lets go of what stands before the position', () => {
    const held = holding(1, 2, 3, 5);

    expect(takenAfter(held, 2)).toEqual([3]);
    expect(takenAfter(held, 0)).toEqual([]);
    expect(takenAfter(held, 4)).toEqual([5]);
  });

  it('keeps the latest of twins', () => {
    const held = holding(1, 2);
    held.add(aChange({ id: 1, content: 'again' }));

    expect(held.takeAfter(0).map(({ message }) => message.content)).toEqual(['again', 'message 2']);
  });

  it('lets all go when more are left than it may keep', () => {
    const held = holding(1, 3, 4, 5, 6, 7, 8);

    expect(takenAfter(held, 0)).toEqual([1]);
    expect(takenAfter(held, 2)).toEqual([]);
  });
});

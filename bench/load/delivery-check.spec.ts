import fc from 'fast-check';
import { DeliveryCheck, NO_FAULTS } from './delivery-check';

const ROOM = 7;
const NOBODY_REFUSED = new Map<number, Set<number>>();

/** Gives a receiver these messages of a room with two senders, who have sent four and two, and judges. */
function judge(messages: readonly (readonly [sender: number, n: number])[], refused = NOBODY_REFUSED) {
  const check = new DeliveryCheck(ROOM, 2);
  for (const [sender, n] of messages) check.take(ROOM, sender, n);
  return { faults: check.faults([4, 2], refused), received: check.received };
}

const ALL = [
  [0, 1],
  [1, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [0, 4],
] as const;

describe('DeliveryCheck', () => {
  it('finds nothing where each sender’s messages came once and in order', () => {
    expect(judge(ALL)).toEqual({ faults: NO_FAULTS, received: 6 });
  });

  it('finds a message that never came, in the middle or at the end', () => {
    expect(judge(ALL.filter(([sender, n]) => sender !== 0 || n !== 2)).faults).toEqual({
      ...NO_FAULTS,
      lost: 1,
    });
    expect(judge(ALL.slice(0, 4)).faults).toEqual({ ...NO_FAULTS, lost: 2 });
  });

  it('finds a message that came twice, at once or later', () => {
    expect(judge([...ALL, [0, 4]]).faults).toEqual({ ...NO_FAULTS, doubled: 1 });
    expect(judge([...ALL, [1, 1]])).toEqual({ faults: { ...NO_FAULTS, doubled: 1 }, received: 6 });
  });

  it('tells one that came late from one that never came', () => {
    const late = [ALL[0], ALL[1], ALL[3], ALL[2], ALL[4], ALL[5]] as const;

    expect(judge(late)).toEqual({ faults: { ...NO_FAULTS, reordered: 1 }, received: 6 });
  });

  it('counts a late one that comes twice as late and as doubled', () => {
    expect(judge([[0, 2], [0, 1], [0, 1], [0, 3], [0, 4], ALL[1], ALL[4]]).faults).toEqual({
      ...NO_FAULTS,
      reordered: 1,
      doubled: 1,
    });
  });

  it('finds messages of another room and of senders that the room does not have', () => {
    const check = new DeliveryCheck(ROOM, 1);

    check.take(ROOM + 1, 0, 1);
    check.take(ROOM, 1, 1);

    expect(check.faults([0], NOBODY_REFUSED)).toEqual({ ...NO_FAULTS, strayed: 2 });
  });

  it('finds messages of several senders that came in another order than the room’s', () => {
    const check = new DeliveryCheck(ROOM, 2);
    check.jump(7);

    for (const [seq, sender, n] of [
      [8, 0, 1],
      [10, 1, 1],
      [9, 0, 2],
      [11, 1, 2],
    ] as const) {
      check.take(ROOM, sender, n);
      check.step(seq);
    }

    expect(check.faults([2, 2], NOBODY_REFUSED)).toEqual({ ...NO_FAULTS, outOfTurn: 3 });
  });

  it('finds messages that came although they were refused, or never sent', () => {
    const refused = new Map([[0, new Set([3])]]);

    expect(judge(ALL, refused).faults).toEqual({ ...NO_FAULTS, unowed: 1 });
    expect(judge([...ALL, [1, 3]]).faults).toEqual({ ...NO_FAULTS, unowed: 1 });
  });

  it('misses no message that its sender was refused', () => {
    const refused = new Map([[0, new Set([2, 4])]]);

    expect(judge([[0, 1], [0, 3], ALL[1], ALL[4]], refused).faults).toEqual(NO_FAULTS);
  });

  it('counts whatever is planted into an order that was right', () => {
    const sequence = fc
      .integer({ min: 3, max: 30 })
      .map((last) => Array.from({ length: last }, (_, i) => i + 1));
    fc.assert(
      fc.property(sequence, fc.nat(), fc.nat(), (numbers, lostSeed, doubledSeed) => {
        const lost = numbers[lostSeed % numbers.length]!;
        const left = numbers.filter((n) => n !== lost);
        const doubled = left[doubledSeed % left.length]!;
        const check = new DeliveryCheck(ROOM, 1);

        for (const n of left) {
          check.take(ROOM, 0, n);
          if (n === doubled) check.take(ROOM, 0, n);
        }

        expect(check.faults([numbers.length], NOBODY_REFUSED)).toEqual({ ...NO_FAULTS, lost: 1, doubled: 1 });
      }),
    );
  });
});

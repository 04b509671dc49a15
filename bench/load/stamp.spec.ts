import fc from 'fast-check';
import { dueAt, isStampAt, nowMicros, numberAt, readStamp, roomAt, senderAt, stampedText } from './stamp';

const aStamp = fc.record({
  room: fc.integer({ min: 1, max: 99_999 }),
  sender: fc.integer({ min: 0, max: 99_999 }),
  n: fc.integer({ min: 1, max: 99_999_999 }),
  dueMicros: fc.integer({ min: 0, max: 1e15 - 1 }),
});

describe('A stamp', () => {
  it('is read back from the text that begins with it', () => {
    fc.assert(fc.property(aStamp, (stamp) => expect(readStamp(stampedText(stamp))).toEqual(stamp)));
  });

  it('is read from within the bytes of a frame', () => {
    fc.assert(
      fc.property(aStamp, fc.string(), (stamp, before) => {
        const start = Buffer.byteLength(before);
        const bytes = Buffer.from(`${before}${stampedText(stamp)}"}`);

        expect(isStampAt(bytes, start)).toBe(true);
        expect({
          room: roomAt(bytes, start),
          sender: senderAt(bytes, start),
          n: numberAt(bytes, start),
          dueMicros: dueAt(bytes, start),
        }).toEqual(stamp);
      }),
    );
  });

  it('is not seen in other texts, or in one that was cut', () => {
    const text = stampedText({ room: 1, sender: 2, n: 3, dueMicros: 4 });

    expect(readStamp('~ hello')).toBeNull();
    expect(readStamp(text.slice(0, 20))).toBeNull();
    expect(readStamp(text.slice(1))).toBeNull();
  });

  it('has the time of a clock that never goes back', () => {
    const first = nowMicros();

    expect(nowMicros()).toBeGreaterThanOrEqual(first);
    expect(Number.isSafeInteger(first)).toBe(true);
  });
});

import fc from 'fast-check';
import { ManualClock } from '../../test/support/manual-clock';
import { RateLimit, TokenBucket } from './rate-limit';

describe('TokenBucket', () => {
  let clock: ManualClock;
  let bucket: TokenBucket;

  beforeEach(() => {
    clock = new ManualClock();
    bucket = new TokenBucket(clock, 20, 10_000);
  });

  const take = (times: number) => Array.from({ length: times }, () => bucket.take());

  it('gives its whole capacity at once, and then tells how long to wait', () => {
    const waits = take(21);

    expect(waits).toEqual([...Array<number>(20).fill(0), 500]);
  });

  it('refills evenly', () => {
    take(20);

    clock.advance(250);
    const early = bucket.take();
    clock.advance(250);
    const inTime = bucket.take();
    const next = bucket.take();

    expect([early, inTime, next]).toEqual([250, 0, 500]);
  });

  it('holds no more than its capacity, however long nothing is taken', () => {
    clock.advance(3_600_000);

    expect(take(21).at(-1)).toBe(500);
  });

  it('is not charged for what it refuses', () => {
    take(40);
    clock.advance(500);

    expect(bucket.take()).toBe(0);
  });

  it('is full again a window after everything was taken', () => {
    take(20);
    clock.advance(9_999);
    const early = bucket.isFull;

    clock.advance(1);

    expect([early, bucket.isFull]).toEqual([false, true]);
  });

  it('keeps its word: whoever waits as long as told is let in', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 40 });
    const property = fc.property(fc.integer({ min: 1, max: 120 }), pauses, (capacity, times) => {
      const time = new ManualClock();
      const tokens = new TokenBucket(time, capacity, 10_000);
      for (const pause of times) {
        time.advance(pause);
        for (let i = 0; i < capacity; i++) tokens.take();
        time.advance(tokens.take());
        expect(tokens.take()).toBe(0);
      }
    });
    fc.assert(property, { seed: jest.getSeed() });
  });
});

describe('RateLimit', () => {
  let clock: ManualClock;
  let limit: RateLimit;

  beforeEach(() => {
    clock = new ManualClock();
    limit = new RateLimit(clock, 2, 1000);
  });

  const take = (key: string, times: number) => Array.from({ length: times }, () => limit.take(key));

  it('counts each key apart', () => {
    expect(take('ada', 3)).toEqual([0, 0, 500]);
    expect(take('bob', 3)).toEqual([0, 0, 500]);
  });

  it('forgets nobody who is still limited when it forgets those who are quiet', () => {
    take('quiet', 1);
    clock.advance(900);
    take('busy', 2);
    clock.advance(100);
    take('other', 1);

    const waits = take('busy', 1);

    expect(waits).toEqual([400]);
  });
});

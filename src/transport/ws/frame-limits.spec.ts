import { aTestConfig } from '../../../test/support/test-config';
import { ManualClock } from '../../../test/support/manual-clock';
import { FrameLimits } from './frame-limits';

const MINUTE_MS = 60_000;

describe('FrameLimits', () => {
  let clock: ManualClock;
  let limits: FrameLimits;

  beforeEach(() => {
    clock = new ManualClock();
    limits = new FrameLimits(clock, {
      ...aTestConfig().limits,
      frames_per_window: 4,
      rate_window_seconds: 10,
      invalid_frames_per_minute: 3,
    });
  });

  const repeat = <T>(times: number, act: () => T): T[] => Array.from({ length: times }, act);

  it('lets a window’s frames through at once, and tells the next how long to wait', () => {
    const waits = repeat(5, () => limits.take());

    expect(waits).toEqual([0, 0, 0, 0, 2500]);
  });

  it('lets frames through again as time passes', () => {
    repeat(5, () => limits.take());

    clock.advance(5000);

    expect(repeat(3, () => limits.take())).toEqual([0, 0, 2500]);
  });

  it('takes as many refusals as frames for a mistake, and more for flooding', () => {
    expect(repeat(5, () => limits.isFlooding())).toEqual([false, false, false, false, true]);
  });

  it('does not take refusals for flooding that come one in a while', () => {
    const verdicts = repeat(20, () => {
      clock.advance(2500);
      return limits.isFlooding();
    });

    expect(verdicts).toEqual(Array(20).fill(false));
  });

  it('has enough of invalid frames when there are too many within a minute', () => {
    expect(repeat(3, () => limits.isInvalidTooOften())).toEqual([false, false, true]);
  });

  it('forgets an invalid frame after a minute', () => {
    limits.isInvalidTooOften();
    clock.advance(MINUTE_MS - 1);
    limits.isInvalidTooOften();
    clock.advance(1);

    expect(repeat(2, () => limits.isInvalidTooOften())).toEqual([false, true]);
  });
});

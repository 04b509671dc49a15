import { ManualClock } from '../../../test/support/manual-clock';
import { SeededRandom } from '../../../test/support/seeded';
import { ChatError } from '../../common/chat-error';
import { UpgradePace } from './upgrade-pace';

const PER_SECOND = 100;
const BURST = 20;
const STORM = 1000;

describe('the pace of handshakes', () => {
  let clock: ManualClock;
  let pace: UpgradePace;

  beforeEach(() => {
    clock = new ManualClock();
    const random = new SeededRandom(1);
    pace = new UpgradePace(clock, { perSecond: PER_SECOND, burst: BURST, random: () => random.next() });
  });

  /** Null if it was let in, otherwise when to come again. */
  function dial(): number | null {
    try {
      pace.take();
      return null;
    } catch (error) {
      expect(error).toMatchObject({ code: 'server_busy', details: { retryAfterMs: expect.any(Number) } });
      return (error as ChatError).details.retryAfterMs!;
    }
  }

  const letInOf = (count: number): number =>
    Array.from({ length: count }, dial).filter((answer) => answer === null).length;

  it('lets a burst in at once, then so many a second', () => {
    expect(letInOf(STORM)).toBe(BURST);

    clock.advance(50);
    expect(letInOf(STORM)).toBe(5);

    clock.advance(60_000);
    expect(letInOf(STORM)).toBe(BURST);
  });

  it('never notices who dials at its pace', () => {
    for (let n = 0; n < 1000; n++) {
      expect(dial()).toBeNull();
      clock.advance(10);
    }
  });

  it('has a storm come again over as long as it takes to let all of it in, none within a second', () => {
    const answers = Array.from({ length: BURST + STORM }, dial).filter((answer) => answer !== null);

    expect(Math.min(...answers)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...answers)).toBeLessThanOrEqual(1000 + (STORM / PER_SECOND) * 1000);
    expect(Math.max(...answers)).toBeGreaterThan(8000);
    expect(new Set(answers).size).toBeGreaterThan(STORM / 2);
  });

  it('asks nobody for more than a minute, however many come', () => {
    const answers = Array.from({ length: 20_000 }, dial).filter((answer) => answer !== null);

    expect(Math.max(...answers)).toBe(60_000);
  });

  it('has forgotten a storm when it is over', () => {
    letInOf(STORM);
    clock.advance(20_000);
    letInOf(BURST);

    expect(dial()).toBeLessThanOrEqual(1000 + 1000 / PER_SECOND);
  });

  it('lets everybody of a storm in who does as told', () => {
    let waiting: { at: number }[] = Array.from({ length: STORM }, () => ({ at: 0 }));
    for (let now = 0; now <= 30_000 && waiting.length > 0; now += 10) {
      waiting = waiting.filter((client) => {
        if (client.at > now) return true;
        const answer = dial();
        client.at = now + (answer ?? 0);
        return answer !== null;
      });
      clock.advance(10);
    }

    expect(waiting).toHaveLength(0);
  });
});

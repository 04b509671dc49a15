import fc from 'fast-check';
import { ManualClock } from '../../test/support/manual-clock';
import { settled } from '../../test/support/turns';
import { SharedRateLimit, type Use, UsageLedger } from './shared-rate-limit';

const CAPACITY = 20;
const WINDOW_MS = 10_000;
const STEP_MS = 50;
const REFILL_MS = WINDOW_MS / CAPACITY;

/** Buckets in memory, which may be out of reach. */
class FakeLedger extends UsageLedger {
  isDown = false;
  entries = 0;
  private readonly fullAt = new Map<string, number>();

  constructor(private readonly clock: ManualClock) {
    super();
  }

  enter(uses: readonly Use[]): Promise<number[]> {
    if (this.isDown) return Promise.reject(new Error('out of reach'));
    this.entries++;
    const now = this.clock.monotonic();
    const left = uses.map(({ key, count, capacity, windowMs }) => {
      const used = Math.max(0, (this.fullAt.get(key) ?? 0) - now) + (count * windowMs) / capacity;
      this.fullAt.set(key, now + Math.min(used, 2 * windowMs));
      return capacity - (used * capacity) / windowMs;
    });
    return Promise.resolve(left);
  }
}

function nodes(count: number) {
  const clock = new ManualClock();
  const ledger = new FakeLedger(clock);
  const limits = Array.from(
    { length: count },
    () => new SharedRateLimit('messages', clock, CAPACITY, WINDOW_MS, ledger),
  );
  /** Time passes in small steps, since what is set off by a timer ends in a later turn. */
  const pass = async (ms: number): Promise<void> => {
    await settled();
    for (let left = ms; left > 0; left -= STEP_MS) {
      clock.advance(Math.min(left, STEP_MS));
      await settled();
    }
  };
  return { clock, ledger, limits, pass };
}

/** How many of `times` uses are admitted at this moment. */
function admitted(limit: SharedRateLimit, times: number, key = 'ada'): number {
  return Array.from({ length: times }, () => limit.take(key)).filter((waitMs) => waitMs === 0).length;
}

describe('SharedRateLimit', () => {
  it('gives through one node exactly what the limit says', async () => {
    const { limits, pass } = nodes(1);
    const [limit] = limits as [SharedRateLimit];

    const atOnce = admitted(limit, 50);
    await pass(5 * REFILL_MS);
    const later = admitted(limit, 50);

    expect([atOnce, later]).toEqual([20, 5]);
  });

  it('lets in whoever waits as long as told', async () => {
    const { limits, pass } = nodes(1);
    const [limit] = limits as [SharedRateLimit];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 30 }), async (pauses) => {
        for (const ms of pauses) {
          limit.take('bob');
          await pass(ms);
        }
        await pass(limit.take('bob'));

        expect(limit.take('bob')).toBeLessThanOrEqual(REFILL_MS);
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it('counts over all nodes what lies further apart than they need to hear of each other', async () => {
    const { limits, pass } = nodes(3);
    let count = 0;

    for (let n = 0; n < 60; n++) {
      count += admitted(limits[n % 3]!, 1);
      await pass(60);
    }

    // In these 3.6 s 7 more have been refilled; each node has had to ask once to hear that nothing is left.
    expect(count).toBeGreaterThanOrEqual(CAPACITY + 6);
    expect(count).toBeLessThanOrEqual(CAPACITY + 7 + 3);
  });

  it('gives to whoever presses on all nodes at once more at first, and in the long run no more', async () => {
    const { limits, pass } = nodes(3);
    const press = () => limits.reduce((sum, limit) => sum + admitted(limit, 50), 0);

    const atOnce = press();
    let later = 0;
    for (let passed = 0; passed < 6 * WINDOW_MS; passed += STEP_MS) {
      await pass(STEP_MS);
      later += press();
    }

    expect(atOnce).toBe(3 * CAPACITY);
    // A debt of up to a window has been waited off: 6 windows were refilled, 5 of them could be used.
    expect(later).toBeGreaterThanOrEqual(5 * CAPACITY - 1);
    expect(later).toBeLessThanOrEqual(5 * CAPACITY + 6);
  });

  it('keeps users apart', async () => {
    const { limits, pass } = nodes(2);

    limits.forEach((limit) => admitted(limit, 50, 'ada'));
    await pass(100);

    expect(admitted(limits[0]!, 5, 'bob')).toBe(5);
  });

  it('enters at once, and then at most every 50 ms, whatever is used', async () => {
    const { limits, ledger, pass } = nodes(1);
    const [limit] = limits as [SharedRateLimit];

    for (let n = 0; n < 100; n++) {
      limit.take(`user ${n}`);
      await settled();
    }
    expect(ledger.entries).toBe(1);
    await pass(50);

    expect(ledger.entries).toBe(2);
  });

  it('admits half of the limit while the ledger is out of reach, and all of it afterwards', async () => {
    const { limits, ledger, pass } = nodes(1);
    const [limit] = limits as [SharedRateLimit];
    ledger.isDown = true;
    limit.take('somebody');
    await pass(100);

    expect(admitted(limit, 50)).toBe(10);
    await pass(WINDOW_MS);
    expect(admitted(limit, 50)).toBe(10);

    ledger.isDown = false;
    limit.take('somebody');
    await pass(2 * WINDOW_MS);
    expect(admitted(limit, 50)).toBe(20);
  });
});

import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { AttemptStore } from '../../src/auth/attempt-store';
import { until } from '../support/until';

/** A store, and how to be rid of what it stands on. */
export interface AttemptStoreStage {
  store: AttemptStore;
  end(): Promise<void>;
}

const HOUR_SECONDS = 3600;

/** What attempts may rely on, wherever they are counted. */
export function describeAttemptStore(name: string, start: () => Promise<AttemptStoreStage>): void {
  describe(`${name}, as an AttemptStore,`, () => {
    let stage: AttemptStoreStage;
    let counters = 0;

    beforeAll(async () => {
      stage = await start();
    });
    afterAll(() => stage.end());

    /** Of a name of its own, so that no test counts what another one took. */
    const aCounter = (points: number, windowSeconds = HOUR_SECONDS) =>
      stage.store.counter(`counter-${++counters}`, points, windowSeconds);

    it('lets as many through as there are points, and tells the others how long to wait', async () => {
      const counter = aCounter(3);

      const tries = await inTurn(4, () => tryOn(counter, 'ada'));

      expect(tries.slice(0, 3)).toEqual(['taken', 'taken', 'taken']);
      const { msBeforeNext } = tries[3] as RateLimiterRes;
      expect(msBeforeNext).toBeGreaterThan(HOUR_SECONDS * 1000 - 60_000);
      expect(msBeforeNext).toBeLessThanOrEqual(HOUR_SECONDS * 1000);
    });

    it('counts exactly what comes at once', async () => {
      const counter = aCounter(5);

      const tries = await Promise.all(Array.from({ length: 20 }, () => tryOn(counter, 'ada')));

      expect(tries.filter((outcome) => outcome === 'taken')).toHaveLength(5);
    });

    it('counts each key apart, and each counter', async () => {
      const [counter, other] = [aCounter(1), aCounter(1)];
      await tryOn(counter, 'ada');

      expect(await tryOn(counter, 'ada')).toBeInstanceOf(RateLimiterRes);
      expect(await tryOn(counter, 'ada@home')).toBe('taken');
      expect(await tryOn(other, 'ada')).toBe('taken');
    });

    it('gives back what is rewarded', async () => {
      const counter = aCounter(2);
      await inTurn(2, () => tryOn(counter, 'ada'));

      await counter.reward('ada');

      expect(await tryOn(counter, 'ada')).toBe('taken');
      expect(await tryOn(counter, 'ada')).toBeInstanceOf(RateLimiterRes);
    });

    it('counts anew when the window is over, whatever was tried meanwhile', async () => {
      const counter = aCounter(1, 1);
      await tryOn(counter, 'ada');

      expect(await tryOn(counter, 'ada')).toBeInstanceOf(RateLimiterRes);
      await until(async () => expect(await tryOn(counter, 'ada')).toBe('taken'));
    });

    it.each(['ada@192.0.2.1', 'Ünïcode 👍', 'a:b', ' ', ''])(
      'remembers %j, and nothing else',
      async (key) => {
        const before = await stage.store.remembers(key);
        await stage.store.remember(key);
        await stage.store.remember(key);

        expect(before).toBe(false);
        expect(await stage.store.remembers(key)).toBe(true);
        expect(await stage.store.remembers(`${key}!`)).toBe(false);
      },
    );
  });
}

async function tryOn(counter: RateLimiterAbstract, key: string): Promise<'taken' | RateLimiterRes> {
  return counter.consume(key).then(
    () => 'taken',
    (refusal: RateLimiterRes) => refusal,
  );
}

async function inTurn<T>(times: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < times; n++) results.push(await act());
  return results;
}

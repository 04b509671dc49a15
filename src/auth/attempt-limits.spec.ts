import { aTestConfig } from '../../test/support/test-config';
import { AttemptLimits } from './attempt-limits';
import { LocalAttemptStore } from './attempt-store';

const HOME = '192.0.2.1';
const ELSEWHERE = '198.51.100.1';

function limits(overrides: { rateLimitsEnabled?: boolean } = {}): AttemptLimits {
  return new AttemptLimits(
    aTestConfig({
      rateLimitsEnabled: true,
      authAttemptsPerAddress: 4,
      authAttemptsPerAccount: 2,
      authWindowSeconds: 60,
      ...overrides,
    }),
    new LocalAttemptStore(),
  );
}

async function repeat(times: number, attempt: () => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i++) await attempt();
}

const LIMITED = { code: 'rate_limited', details: { retryAfterMs: expect.any(Number) } };

describe('AttemptLimits', () => {
  it('refuses an address that has used up its attempts, and says when to come again', async () => {
    const attempts = limits();
    await repeat(4, () => attempts.fromAddress('login', HOME));

    const refusal = await attempts.fromAddress('login', HOME).catch((error: unknown) => error);

    expect(refusal).toMatchObject(LIMITED);
    expect((refusal as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeLessThanOrEqual(
      60_000,
    );
    await attempts.fromAddress('login', ELSEWHERE);
  });

  it('counts each kind of attempt apart', async () => {
    const attempts = limits();
    await repeat(4, () => attempts.fromAddress('login', HOME));

    await expect(attempts.fromAddress('refresh', HOME)).resolves.toBeUndefined();
  });

  it('counts an account over all addresses and in any case', async () => {
    const attempts = limits();
    await attempts.onAccount('login', 'Ada', HOME);
    await attempts.onAccount('login', 'ADA', ELSEWHERE);

    await expect(attempts.onAccount('login', 'ada', '203.0.113.1')).rejects.toMatchObject(LIMITED);
    await expect(attempts.onAccount('login', 'bob', HOME)).resolves.toBeUndefined();
  });

  it('lets the owner in at home while somebody guesses elsewhere', async () => {
    const attempts = limits();
    await attempts.onAccount('login', 'ada', HOME);
    await attempts.succeeded('login', 'ada', HOME);
    await repeat(2, () => attempts.onAccount('login', 'ada', ELSEWHERE));

    await expect(attempts.onAccount('login', 'ada', ELSEWHERE)).rejects.toMatchObject(LIMITED);
    await expect(attempts.onAccount('login', 'ada', HOME)).resolves.toBeUndefined();
  });

  it('limits the address at home, too', async () => {
    const attempts = limits();
    await attempts.succeeded('login', 'ada', HOME);
    await repeat(2, () => attempts.onAccount('login', 'ada', HOME));

    await expect(attempts.onAccount('login', 'ada', HOME)).rejects.toMatchObject(LIMITED);
  });

  it('refuses nobody when limits are off', async () => {
    const attempts = limits({ rateLimitsEnabled: false });

    await expect(repeat(10, () => attempts.fromAddress('login', HOME))).resolves.toBeUndefined();
    await expect(repeat(10, () => attempts.onAccount('login', 'ada', HOME))).resolves.toBeUndefined();
  });
});

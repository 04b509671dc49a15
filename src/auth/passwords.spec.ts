import { aTestConfig } from '../../test/support/test-config';
import { Metrics } from '../health/metrics';
import { Passwords } from './passwords';

describe('Passwords', () => {
  let passwords: Passwords;
  const start = (overrides: Parameters<typeof aTestConfig>[0] = {}) =>
    (passwords = new Passwords(aTestConfig(overrides), new Metrics()));

  afterEach(() => passwords.onApplicationShutdown());

  it('knows a password by its hash', async () => {
    start();
    const hash = await passwords.hash('correct horse');

    expect(await passwords.matches('correct horse', hash)).toBe(true);
    expect(await passwords.matches('Correct horse', hash)).toBe(false);
  });

  it('gives one password two hashes', async () => {
    start();

    expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'));
  });

  it('hashes with bcrypt at cost 10 outside of tests', async () => {
    start({ environment: 'production' });

    expect(await passwords.hash('correct horse')).toMatch(/^\$2b\$10\$.{53}$/);
  });

  it('compares all 72 bytes and takes no more', async () => {
    start();
    const longest = 'ä'.repeat(36);
    const hash = await passwords.hash(longest);

    expect(await passwords.matches(longest, hash)).toBe(true);
    expect(await passwords.matches(`${longest.slice(0, -1)}ö`, hash)).toBe(false);
    expect(await passwords.matches(`${longest}x`, hash)).toBe(false);
  });

  it('works for an unknown user as long as for a known one, in vain', async () => {
    start({ environment: 'production' });
    const hash = await passwords.hash('correct horse');
    const timeOf = async (stored: string | null) => {
      const before = process.hrtime.bigint();
      expect(await passwords.matches('wrong horse', stored)).toBe(false);
      return Number(process.hrtime.bigint() - before);
    };

    const known = await timeOf(hash);
    const unknown = await timeOf(null);

    // A comparison that is skipped, or done at the least cost, takes a fiftieth.
    expect(unknown).toBeGreaterThan(known / 5);
  });

  it('accepts no password for an unknown user, not even the empty one', async () => {
    start();

    expect(await passwords.matches('', null)).toBe(false);
  });

  it('refuses what finds no place in the queue, and recovers', async () => {
    start({ passwordWorkers: 1, passwordQueueMax: 2 });

    const results = await Promise.allSettled([1, 2, 3, 4].map(() => passwords.hash('correct horse')));

    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect((results[3] as PromiseRejectedResult).reason).toMatchObject({
      code: 'server_busy',
      details: { retryAfterMs: expect.any(Number) },
    });
    await expect(passwords.hash('correct horse')).resolves.toBeDefined();
  });
});

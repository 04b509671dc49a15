import { ManualClock } from '../../test/support/manual-clock';
import { ConcurrencyLimit } from './concurrency-limit';

describe('A concurrency limit', () => {
  let clock: ManualClock;
  let limit: ConcurrencyLimit<string>;
  let begun: string[];
  let ends: Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>;

  beforeEach(() => {
    clock = new ManualClock();
    limit = new ConcurrencyLimit(2, clock);
    begun = [];
    ends = new Map();
  });

  const work = (key: string, name: string) =>
    limit.run(
      key,
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name);
          ends.set(name, { resolve, reject });
        }),
    );

  it('lets a key have so much under way, and the rest wait in the order in which it came', async () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => work('ada', name));
    expect(begun).toEqual(['a', 'b']);

    ends.get('b')!.resolve('B');
    await expect(all[1]).resolves.toBe('B');
    expect(begun).toEqual(['a', 'b', 'c']);

    ends.get('a')!.resolve('A');
    await expect(all[0]).resolves.toBe('A');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has one key wait for no other', () => {
    for (const name of ['a', 'b', 'c']) void work('ada', name);

    void work('bob', 'd');

    expect(begun).toEqual(['a', 'b', 'd']);
  });

  it('gives the turn on when work fails, and begins anew when all is done', async () => {
    const all = ['a', 'b', 'c'].map((name) => work('ada', name));

    ends.get('a')!.reject(new Error('broken'));
    await expect(all[0]).rejects.toThrow('broken');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['b', 'c']) ends.get(name)!.resolve(name);
    await Promise.all([all[1], all[2]]);

    for (const name of ['d', 'e', 'f']) void work('ada', name);
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses what has waited for two seconds, and that alone', async () => {
    const [a, , c] = ['a', 'b', 'c'].map((name) => work('ada', name));
    clock.advance(1_999);
    const d = work('ada', 'd');
    clock.advance(1);
    await expect(c).rejects.toMatchObject({ code: 'server_busy', details: { retryAfterMs: 1_000 } });

    ends.get('a')!.resolve('A');
    await expect(a).resolves.toBe('A');
    ends.get('d')!.resolve('D');
    await expect(d).resolves.toBe('D');

    expect(begun).toEqual(['a', 'b', 'd']);
    expect(clock.waiting).toBe(0);
  });
});

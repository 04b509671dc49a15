import { Logger } from '@nestjs/common';
import { PendingWords } from './pending-words';

/** Work that ends when the test says so. */
function aWorkplace() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const words = new PendingWords(
    () => new Promise<void>((resolve, reject) => ends.push({ resolve, reject })),
  );
  return { words, ends };
}

describe('PendingWords', () => {
  it('are left alone as long as they are few', () => {
    const { words, ends } = aWorkplace();

    words.add(999);

    expect(ends).toHaveLength(0);
  });

  it('are worked off once at a time, and again when there are many anew', async () => {
    const { words, ends } = aWorkplace();

    words.add(600);
    words.add(600);
    words.add(600);
    words.add(600);
    const atOnce = ends.length;
    ends[0]!.resolve();
    await words.idle();
    words.add(1);

    expect(atOnce).toBe(1);
    expect(ends).toHaveLength(2);
  });

  it('are tried again after the database was away', async () => {
    const { words, ends } = aWorkplace();

    words.add(1000);
    ends[0]!.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    await words.idle();
    words.add(1000);

    expect(ends).toHaveLength(2);
  });

  it('are left to a PostgreSQL that does not let us, and that is said once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { words, ends } = aWorkplace();

    words.add(1000);
    ends[0]!.reject(Object.assign(new Error('must be owner of index'), { code: '42501' }));
    await words.idle();
    words.add(1000);

    expect(ends).toHaveLength(1);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

import { ManualClock } from '../../test/support/manual-clock';
import { type Asking, askedTogether } from './asked-together';

/** A database that answers when the test says so. */
function setUp(asking?: Asking) {
  const clock = new ManualClock();
  const asked: (readonly number[])[] = [];
  const waiting: ((failure?: Error) => void)[] = [];
  const find = askedTogether(
    clock,
    (keys: readonly number[]) => {
      asked.push(keys);
      return new Promise<string[]>((resolve, reject) =>
        waiting.push((failure) => (failure ? reject(failure) : resolve(keys.map((key) => `answer ${key}`)))),
      );
    },
    asking,
  );
  /** Lets everything happen that needs no answer. */
  const settle = () => new Promise(setImmediate);
  const answer = async (failure?: Error) => {
    waiting.shift()!(failure);
    await settle();
  };
  return { clock, asked, find, answer, settle };
}

describe('a question that is asked together', () => {
  it('is asked at once while nothing is under way', async () => {
    const { find, asked, answer, settle } = setUp();

    const one = find(1);
    await settle();
    await answer();

    expect(asked).toEqual([[1]]);
    expect(await one).toBe('answer 1');
  });

  it('is asked for all at once who asked while another was under way, and answers each', async () => {
    const { find, asked, answer, settle } = setUp();
    const first = find(1);
    await settle();

    const others = [find(2), find(3), find(2)];
    await settle();
    expect(asked).toEqual([[1]]);
    await answer();
    expect(await first).toBe('answer 1');

    expect(asked).toEqual([[1], [2, 3, 2]]);
    await answer();
    expect(await Promise.all(others)).toEqual(['answer 2', 'answer 3', 'answer 2']);
  });

  it('waits a moment for more of them to ask when many do, if that is wanted', async () => {
    const { clock, find, asked, answer, settle } = setUp({ gatherMs: 3 });
    void find(1);
    void find(2);
    await settle();
    void find(3);
    await answer();
    const atOnce = asked.length;

    void find(4);
    clock.advance(3);
    await settle();

    expect(atOnce).toBe(1);
    expect(asked).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('is never answered by a query that had begun before', async () => {
    const { find, asked, answer, settle } = setUp();
    void find(1);
    await settle();

    const again = find(1);
    await answer();
    expect(asked).toEqual([[1], [1]]);
    await answer();

    expect(await again).toBe('answer 1');
  });

  it('waits no longer for a query that is held up', async () => {
    const { clock, find, asked, settle } = setUp();
    void find(1);
    await settle();
    void find(2);
    await settle();
    expect(asked).toEqual([[1]]);

    clock.advance(20);
    await settle();

    expect(asked).toEqual([[1], [2]]);
  });

  it('fails for all who shared the query, and not for those who ask afterwards', async () => {
    const { find, answer, settle } = setUp();
    const failing = Promise.allSettled([find(1), find(2)]);
    await settle();
    await answer(new Error('connection lost'));

    const later = find(3);
    await settle();
    await answer();

    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await later).toBe('answer 3');
  });
});

import DataLoader from 'dataloader';
import type { Clock } from '../common/clock';

/** Keys of one query, unless it is told otherwise; more are several. */
const KEYS_MAX = 500;
/** A query that takes longer has nobody wait for it any more: what it is held up by may not concern the next. */
const WAIT_MAX_MS = 20;

/**
 * A question about one thing that is asked about many at once: what is asked while one query is under way is the next
 * query. Alone it waits for nothing; in a rush PostgreSQL is asked a few hundred times a second, however many ask.
 *
 * `ask` gives an answer for each key, in their order; it has begun after everybody whom it answers has asked. What it
 * rejects with, all of them are told. Nothing is kept.
 */
export function askedTogether<Key, Answer>(
  clock: Clock,
  ask: (keys: readonly Key[]) => Promise<Answer[]>,
  keysMax = KEYS_MAX,
): (key: Key) => Promise<Answer> {
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Key, Answer>(
    (keys) => {
      const answers = ask(keys);
      underWay = answers.catch(() => undefined);
      return answers;
    },
    {
      cache: false,
      maxBatchSize: keysMax,
      batchScheduleFn: (dispatch) => {
        const patience = new Promise<void>((resolve) => clock.after(WAIT_MAX_MS, resolve));
        void Promise.race([underWay, patience]).then(dispatch);
      },
    },
  );
  return (key) => loader.load(key);
}

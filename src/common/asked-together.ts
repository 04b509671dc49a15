import DataLoader from 'dataloader';
import type { Clock } from './clock';

export interface Asking {
  /** Keys of one query; more are several. By default 500. */
  keysMax?: number;
  /** After a query that answered several, the next one waits so long for more to join it. By default not at all. */
  gatherMs?: number;
}

/** For what everybody asks who comes: in a rush each query costs more than what is asked, so more of them wait for it. */
export const OF_A_CROWD: Asking = { gatherMs: 3 };

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
  { keysMax = 500, gatherMs = 0 }: Asking = {},
): (key: Key) => Promise<Answer> {
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Key, Answer>(
    (keys) => {
      const answers = ask(keys);
      underWay = answers
        .catch(() => undefined)
        .then(() => (keys.length > 1 && gatherMs > 0 ? clock.pause(gatherMs) : undefined));
      return answers;
    },
    {
      cache: false,
      maxBatchSize: keysMax,
      batchScheduleFn: (dispatch) => {
        void Promise.race([underWay, clock.pause(WAIT_MAX_MS)]).then(dispatch);
      },
    },
  );
  return (key) => loader.load(key);
}

import type { ChangesPage, HistoryPage } from '../protocol/models';
import { count, described, hasMore, listOf, objectOf, orNull, ref, text } from './json-schema';
import { MISSED_CHANGES, NEWEST_PAGE } from './model-examples';

const epoch = described(text, "The name of the log's life: another one means: the database was restored.");
const position = described(count, 'The position in the log that this answer reaches.');

/** Pages of a room's log. */
export const HISTORY_SCHEMAS = {
  HistoryPage: objectOf<HistoryPage>(
    'A page of history, oldest first.',
    {
      messages: listOf(ref('Message')),
      has_more: hasMore,
      next_cursor: described(
        orNull({ type: 'integer' }),
        'The value that gives the next page in the same direction: of `after` where `after` or `thread` was asked for, else of `cursor`; null at the end.',
      ),
      last_seq: position,
      epoch,
    },
    [],
    NEWEST_PAGE,
  ),
  ChangesPage: objectOf<ChangesPage>(
    'What changed after a `seq`: every changed message once, in its latest state, by `seq`.',
    { messages: listOf(ref('Message')), last_seq: position, epoch, has_more: hasMore },
    [],
    MISSED_CHANGES,
  ),
};

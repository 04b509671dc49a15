import type { DataSource } from 'typeorm';
import type { SearchIndexRepository } from '../../src/search/search-index.repository';

/** Brings all that is stored into the search's index, be it ever so little. */
export async function indexAll(index: SearchIndexRepository): Promise<void> {
  // Somebody else may be at it, and is given nothing then.
  while ((await index.backlog()).messages > 0) await index.takeIn(0);
}

interface Stretch {
  roomId: number;
  ids: [first: number, last: number];
  words: string[];
  authors: number[];
}

/** What the index says, by room and message. */
export async function stretchesOf(dataSource: DataSource): Promise<Stretch[]> {
  const rows = await dataSource.query<{ room_id: number; first: number; last: number; words: string[] }[]>(
    `SELECT room_id, first_id AS first, last_id AS last, tsvector_to_array(words) AS words
       FROM search_stretches ORDER BY room_id, first_id`,
  );
  return rows.map(({ room_id: roomId, first, last, words }) => ({
    roomId,
    ids: [first, last],
    words: words.filter((word) => !word.startsWith('@')),
    authors: words.filter((word) => word.startsWith('@')).map((word) => Number(word.slice(1))),
  }));
}

/** Messages that a search could not find, or could find twice: not in one place of stretches and what is left to do. */
export function misplaced(dataSource: DataSource): Promise<{ room_id: number; id: number }[]> {
  return dataSource.query(
    `SELECT room_id, id FROM messages m
      WHERE kind = 'user' AND deleted_at IS NULL AND 1 <>
        (SELECT count(*) FROM search_stretches s WHERE s.room_id = m.room_id AND m.id BETWEEN s.first_id AND s.last_id) +
        (SELECT count(*) FROM search_backlog b WHERE b.room_id = m.room_id AND m.id BETWEEN b.first_id AND b.last_id AND NOT is_change)`,
  );
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { MESSAGE_AUTHOR, MESSAGE_COLUMNS, type RoomsMessageRow, toRoomsMessage } from '../chat/message-row';
import { Clock } from '../common/clock';
import { ConcurrencyLimit } from '../common/concurrency-limit';
import { AppConfig } from '../config/app-config';
import { createPool, timeouts } from '../database/data-source-options';
import type { Message } from '../protocol/models';
import { readableRooms } from '../rooms/readable-rooms';
import type { SearchPosition } from './search-position';

export interface SearchFilter {
  /** What was typed. */
  text: string;
  /** Who asks: only what they may read at this moment is found. */
  readerId: number;
  roomId?: number;
  authorId?: number;
  before?: SearchPosition;
  limit: number;
}

/** Searches under way at once on this node; more wait their turn. However slow they are, everything else goes on. */
const CONNECTIONS = 2;

/** What was typed becomes words first, so none of it can be an operator; the last word is a beginning. */
const TYPED = `plainto_tsquery('simple', search_words($1))`;
const WANTED = `CASE WHEN numnode(${TYPED}) > 0 THEN (${TYPED}::text || ':*')::tsquery END`;
/**
 * What a message that is wanted has in it, in lower case as `search_words` has it. Asked first, it spares most others the
 * making of their words.
 */
const PARTS = `ARRAY(SELECT '%' || part || '%' FROM unnest(tsvector_to_array(to_tsvector('simple', search_words($1)))) part)`;

/**
 * Finds messages in one statement: what it gives, the reader may read at the moment of its snapshot. It has connections of
 * its own, with a statement timeout of their own.
 */
@Injectable()
export class SearchRepository implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly searches: ConcurrencyLimit<'all'>;

  constructor(@Inject(AppConfig) config: AppConfig, clock: Clock) {
    this.searches = new ConcurrencyLimit(CONNECTIONS, clock);
    this.pool = createPool(config, { max: CONNECTIONS, ...timeouts(config.searchTimeoutMs) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /** Newest first; by room and id where several have one time. Throws `server_busy` when others' take too long. */
  async find(filter: SearchFilter): Promise<Message[]> {
    const { text, values } = searchStatement(filter);
    const { rows } = await this.searches.run('all', () =>
      this.pool.query<RoomsMessageRow>({ text, values, rowMode: 'array' }),
    );
    return rows.map(toRoomsMessage);
  }
}

/**
 * The statement of a search; not prepared, so that each is planned for the words that it looks for.
 *
 * The index says in which stretches all of the words are, and the author. These are looked through from the newest on
 * until there are enough messages (`first`). As stretches of several rooms overlap in time, some of the others may have
 * newer ones: they are looked through as far back as the oldest of those (`others`). What the index does not have yet is
 * looked through message by message (`unindexed`); where it has been changed, it may be found by both.
 */
export function searchStatement({ text, readerId, roomId, authorId, before, limit }: SearchFilter): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [text, readerId, limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const inRooms = [`room_id IN (${readableRooms('$2')})`];
  const wanted = [
    `m.kind = 'user' AND m.deleted_at IS NULL`,
    `replace(lower(m.content), 'ς', 'σ') LIKE ALL (${PARTS})`,
    `to_tsvector('simple', search_words(m.content)) @@ ${WANTED}`,
  ];
  const stretches = [`words @@ ${WANTED}`];
  if (roomId !== undefined) inRooms.push(`room_id = ${parameter(roomId)}`);
  if (authorId !== undefined) {
    const author = parameter(authorId);
    stretches.push(`words @@ ('@' || ${author})::tsquery`);
    wanted.push(`m.user_id = ${author}::integer`);
  }
  if (before) {
    const time = `${parameter(before.time)}::timestamptz`;
    stretches.push(`first_at <= ${time}`);
    wanted.push(
      `(m.created_at, m.room_id, m.id) < (${time}, ${parameter(before.roomId)}, ${parameter(before.messageId)})`,
    );
  }
  // OFFSET 0 keeps it a look at one stretch after the other.
  const within = `LATERAL (
      SELECT m.room_id, m.id, m.created_at FROM messages m
       WHERE m.room_id = s.room_id AND m.id BETWEEN s.first_id AND s.last_id AND ${wanted.join(' AND ')} OFFSET 0) m`;
  const newestFirst = 'm.created_at DESC, m.room_id DESC, m.id DESC';
  return {
    text: `
      WITH stretch AS MATERIALIZED (
        SELECT room_id, first_id, last_id, last_at FROM search_stretches
         WHERE ${[...stretches, ...inRooms].join(' AND ')}
      ), first AS MATERIALIZED (
        SELECT m.* FROM (TABLE stretch ORDER BY last_at DESC) s CROSS JOIN ${within} ORDER BY s.last_at DESC LIMIT $3
      ), enough AS MATERIALIZED (
        SELECT min(created_at) AS at FROM first HAVING count(*) = $3
      ), others AS (
        SELECT m.* FROM enough JOIN stretch s ON s.last_at >= enough.at CROSS JOIN ${within}
         WHERE m.created_at >= enough.at
      ), unindexed AS (
        SELECT m.* FROM (SELECT * FROM search_backlog WHERE ${inRooms.join(' AND ')}) s CROSS JOIN ${within}
      ), hit AS (
        SELECT * FROM (TABLE first UNION TABLE others UNION TABLE unindexed) m ORDER BY ${newestFirst} LIMIT $3
      )
      SELECT ${MESSAGE_COLUMNS}, m.room_id
        FROM hit JOIN messages m USING (room_id, id) ${MESSAGE_AUTHOR}
       ORDER BY ${newestFirst}`,
    values,
  };
}

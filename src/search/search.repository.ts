import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { MESSAGE_AUTHOR, MESSAGE_COLUMNS, type RoomsMessageRow, toRoomsMessage } from '../chat/message-row';
import { AppConfig } from '../config/app-config';
import { createPool } from '../database/data-source-options';
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

/** Searches under way at once on this node; more wait. However slow they are, everything else goes on. */
const CONNECTIONS = 2;
/** The driver waits this much longer than PostgreSQL, which gives the better answer. */
const GRACE_MS = 1_000;

/** What was typed becomes words first, so none of it can be an operator; the last word is a beginning. */
const TYPED = `plainto_tsquery('simple', search_words($1))`;
const WANTED = `CASE WHEN numnode(${TYPED}) > 0 THEN (${TYPED}::text || ':*')::tsquery END`;

/**
 * Finds messages by the index `messages_search`, in one statement: what it gives, the reader may read at the moment
 * of its snapshot. It has connections of its own, with a statement timeout of their own.
 */
@Injectable()
export class SearchRepository implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.pool = createPool(config, {
      max: CONNECTIONS,
      statement_timeout: config.searchTimeoutMs,
      query_timeout: config.searchTimeoutMs + GRACE_MS,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /** Newest first; by room and id where several have one time. */
  async find(filter: SearchFilter): Promise<Message[]> {
    const { text, values } = searchStatement(filter);
    const { rows } = await this.pool.query<RoomsMessageRow>({ text, values, rowMode: 'array' });
    return rows.map(toRoomsMessage);
  }
}

/** The statement of a search; not prepared, so that each is planned for the words that it looks for. */
export function searchStatement({ text, readerId, roomId, authorId, before, limit }: SearchFilter): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [text, readerId, limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    `to_tsvector('simple', search_words(m.content)) @@ ${WANTED}`,
    `m.kind = 'user' AND m.deleted_at IS NULL`,
    `m.room_id IN (${readableRooms('$2')})`,
  ];
  if (roomId !== undefined) conditions.push(`m.room_id = ${parameter(roomId)}`);
  if (authorId !== undefined) conditions.push(`m.user_id = ${parameter(authorId)}`);
  if (before) {
    const place = [parameter(before.time), parameter(before.roomId), parameter(before.messageId)];
    conditions.push(`(m.created_at, m.room_id, m.id) < (${place.join(', ')})`);
  }
  const newestFirst = 'm.created_at DESC, m.room_id DESC, m.id DESC';
  return {
    text: `
      SELECT ${MESSAGE_COLUMNS}, m.room_id
        FROM (SELECT m.room_id, m.id FROM messages m WHERE ${conditions.join(' AND ')}
               ORDER BY ${newestFirst} LIMIT $3) hit
        JOIN messages m USING (room_id, id) ${MESSAGE_AUTHOR}
       ORDER BY ${newestFirst}`,
    values,
  };
}

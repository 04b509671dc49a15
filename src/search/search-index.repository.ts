import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { AppConfig } from '../config/app-config';
import { createPool, timeouts } from '../database/data-source-options';

/** Messages of a stretch, up to twice as many. Fewer are more exact, and more rows. */
const STRETCH = 32;
/** Bytes of a stretch, and of one message more: far from what a `tsvector` holds, and cheap to make again. */
const STRETCH_BYTES = 32_768;
/** A room's last stretch is made again with what comes to it if it is short, and at most so many times as long. */
const WORTH = 8;
/** Messages of one call, or those of one row of the backlog if they are more: about 30 ms. */
export const MESSAGES_AT_ONCE = 2000;
/** For a change, a stretch is made again. */
const CHANGE_WEIGHT = 2 * STRETCH;
/** The longest messages that a setting allows, of nothing but different words, take 10 ms each. */
const LIMIT = timeouts(60_000);
/** So many messages of rooms that have less than a stretch may wait for more. Searches read them one by one. */
const LOOSE_MAX = 2000;
/** Rows of the backlog that a call looks at, the oldest: more than may wait, so there is always something to take. */
const ROWS_SEEN = 5000;

/**
 * Takes what it may of the backlog. Changes go in at once, so that old words do not stay; rooms once they have enough for
 * a stretch; of the others, those with the fewest wait as long as there are few of them. Of each room the oldest are
 * taken first, so no stretch reaches over what still waits.
 *
 * An author is a word of a stretch, too, with an `@`, which is in no other.
 *
 * Stretches in which something has changed are made again, each by itself (`piece`), and so is a room's last one, if it is
 * short, together with what follows it (`piece` 0).
 *
 * It sees the messages as they were at the moment of its snapshot, as it does the backlog: what is changed after that is
 * noted after that. Tables are joined row by row, whatever their statistics say: those of a backlog are seldom true.
 */
const TAKE_IN = `
  WITH waiting AS MATERIALIZED (
    SELECT id, room_id, last_id - first_id + 1 AS size, is_change FROM search_backlog ORDER BY id LIMIT ${ROWS_SEEN}
  ), room AS (
    SELECT room_id, total, sum(total) OVER (ORDER BY total, room_id) AS loose
    FROM (SELECT room_id, sum(size) AS total FROM waiting WHERE NOT is_change GROUP BY room_id) r
  ), due AS (
    SELECT id, weight, sum(weight) OVER (ORDER BY id) - weight AS before
    FROM (
      SELECT id, CASE WHEN is_change THEN ${CHANGE_WEIGHT} ELSE size END AS weight
      FROM waiting LEFT JOIN room USING (room_id)
      WHERE is_change OR total >= ${STRETCH} OR loose > $1::int) d
  ), taken AS (
    DELETE FROM search_backlog b USING due WHERE b.id = due.id AND before < ${MESSAGES_AT_ONCE}
    RETURNING b.room_id, b.first_id, b.last_id, b.is_change, due.weight
  ), reopened AS (
    DELETE FROM search_stretches WHERE ctid = ANY (ARRAY(
      SELECT s.ctid
      FROM taken t CROSS JOIN LATERAL (
        SELECT ctid, last_id FROM search_stretches
        WHERE room_id = t.room_id AND first_id <= t.first_id ORDER BY first_id DESC LIMIT 1) s
      WHERE t.is_change AND t.first_id <= s.last_id
      UNION ALL
      SELECT s.ctid
      FROM (SELECT room_id, sum(weight) AS size FROM taken WHERE NOT is_change GROUP BY room_id) t
      CROSS JOIN LATERAL (
        SELECT ctid, last_id - first_id + 1 AS size FROM search_stretches
        WHERE room_id = t.room_id ORDER BY first_id DESC LIMIT 1) s
      WHERE s.size < ${STRETCH} AND s.size <= ${WORTH} * t.size))
    RETURNING room_id, first_id, last_id
  ), piece AS (
    SELECT room_id, first_id, last_id, 0 AS piece FROM taken WHERE NOT is_change
    UNION ALL
    SELECT room_id, first_id, last_id,
      CASE WHEN EXISTS (
        SELECT FROM search_stretches s WHERE s.room_id = r.room_id AND s.first_id > r.first_id) THEN first_id ELSE 0 END
    FROM reopened r
  ), message AS (
    SELECT m.*, piece,
      row_number() OVER so_far AS place,
      count(*) OVER (PARTITION BY m.room_id, piece) AS total,
      sum(octet_length(content)) OVER so_far / ${STRETCH_BYTES} AS volume
    FROM piece p CROSS JOIN LATERAL (
      SELECT m.room_id, m.id, m.created_at, m.user_id, m.content FROM messages m
      WHERE m.room_id = p.room_id AND m.id BETWEEN p.first_id AND p.last_id
        AND m.kind = 'user' AND m.deleted_at IS NULL OFFSET 0) m
    WINDOW so_far AS (PARTITION BY m.room_id, piece ORDER BY m.id)
  ), made AS (
    INSERT INTO search_stretches (room_id, first_id, last_id, first_at, last_at, words)
    SELECT room_id, min(id), max(id), min(created_at), max(created_at),
      strip(to_tsvector('simple', string_agg(search_words(content), ' '))) ||
        array_to_tsvector(array_agg(DISTINCT '@' || coalesce(user_id, 0)))
    FROM message
    GROUP BY room_id, piece, (place - 1) * greatest(total / ${STRETCH}, 1) / total, volume
  )
  SELECT coalesce(sum(weight), 0)::int AS weight FROM taken`;

/** It may take longer than any request; no other call of this connection may, so that a frozen database is noticed. */
const BEGIN = `BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = ${LIMIT.statement_timeout}`;

/** Any number, as long as nothing else locks it. */
const LOCK = 7_215_830_463;

export interface Backlog {
  /** A new message that has been changed, too, counts twice. */
  messages: number;
  newest: number | null;
}

/**
 * Writes the index of the search: `search_stretches`, from `search_backlog`. It has a connection of its own, so that no
 * request waits for it.
 */
@Injectable()
export class SearchIndexRepository implements OnApplicationShutdown {
  private readonly pool: Pool;
  /** The connection, while a call is under way. */
  private lent: PoolClient | null = null;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.pool = createPool(config, { max: 1 });
  }

  /** A call under way fails, and its messages are still in the backlog: the end of a node does not wait for it. */
  async onApplicationShutdown(): Promise<void> {
    this.giveBack(true);
    await this.pool.end();
  }

  /** How many messages the backlog has, and its newest row: another answer tells that it is another backlog. */
  async backlog(): Promise<Backlog> {
    const { rows } = await this.pool.query<Backlog>(
      'SELECT coalesce(sum(last_id - first_id + 1), 0)::float8 AS messages, max(id) AS newest FROM search_backlog',
    );
    return rows[0]!;
  }

  /**
   * Takes some of the backlog into the index, and gives how much that was, in messages: 0 if nothing is due,
   * `MESSAGES_AT_ONCE` or more if more may be; null if another node is at it. Searches find a message by the one or the
   * other, at any moment.
   *
   * It does not wait for the disk: if its commit is lost, the backlog has the messages again.
   */
  async takeIn(looseMax = LOOSE_MAX): Promise<number | null> {
    const client = (this.lent = await this.pool.connect());
    try {
      await client.query(BEGIN);
      // In a statement of its own: only then does the next see what the lock's last holder committed.
      const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
        LOCK,
      ]);
      const call = { text: TAKE_IN, values: [looseMax], query_timeout: LIMIT.query_timeout };
      const taken = lock.rows[0]!.taken && (await client.query<{ weight: number }>(call));
      await client.query('COMMIT');
      this.giveBack();
      return taken ? taken.rows[0]!.weight : null;
    } catch (error) {
      this.giveBack(true);
      throw error;
    }
  }

  private giveBack(isBroken = false): void {
    const { lent } = this;
    this.lent = null;
    lent?.release(isBroken);
  }
}

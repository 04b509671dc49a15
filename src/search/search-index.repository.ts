import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { AppConfig } from '../config/app-config';
import { createPool } from '../database/data-source-options';

/** Messages of a stretch, up to twice as many. Fewer are more exact, and more rows. */
const STRETCH = 32;
/** Bytes of a stretch, up to twice as many: a `tsvector` holds a megabyte. */
const STRETCH_BYTES = 131_072;
/** Messages of one call, or those of one row of the backlog if they are more: about 30 ms. */
const MESSAGES_AT_ONCE = 2000;
/** The longest messages that a setting allows, of nothing but different words, take 10 ms each. */
const CALL_TIMEOUT_MS = 60_000;
/** The driver waits this much longer than PostgreSQL, which gives the better answer. */
const GRACE_MS = 1_000;
/** So many messages of rooms that have less than a stretch may wait for more. Searches read them one by one. */
const LOOSE_MAX = 2000;
/** Rows of the backlog that a call looks at, the oldest: more than may wait, so there is always something to take. */
const ROWS_SEEN = 5000;

/** The words of several messages, without their places. What is deleted, or no person's, has none. */
const WORDS = `strip(to_tsvector('simple', string_agg(search_words(m.content), ' ')))`;
const HAS_WORDS = `m.kind = 'user' AND m.deleted_at IS NULL`;

/**
 * Takes what it may of the backlog. Rooms go in once they have enough for a stretch, or when a message has been edited or
 * deleted, so that its old words do not stay; of the others, those with the fewest wait as long as there are few of them.
 *
 * Of each room the oldest are taken first, so no stretch reaches over what still waits. It sees the messages as they were
 * at the moment of its snapshot, as it does the backlog: what is changed after that is noted after that.
 */
const TAKE_IN = `
  WITH waiting AS MATERIALIZED (
    SELECT id, room_id, last_id - first_id + 1 AS size, is_change FROM search_backlog ORDER BY id LIMIT ${ROWS_SEEN}
  ), room AS (
    SELECT room_id, total, is_changed, sum(total) OVER (ORDER BY is_changed, total, room_id) AS loose
    FROM (SELECT room_id, sum(size) AS total, bool_or(is_change) AS is_changed FROM waiting GROUP BY room_id) r
  ), due AS (
    SELECT id, sum(size) OVER (ORDER BY id) - size AS before
    FROM waiting JOIN room USING (room_id)
    WHERE is_changed OR total >= ${STRETCH} OR loose > $1::int
  ), taken AS (
    DELETE FROM search_backlog WHERE id IN (SELECT id FROM due WHERE before < ${MESSAGES_AT_ONCE})
    RETURNING room_id, first_id, last_id, is_change
  ), fresh AS (
    SELECT m.room_id, m.id, m.created_at, m.content,
      row_number() OVER (PARTITION BY m.room_id ORDER BY m.id) AS place,
      count(*) OVER (PARTITION BY m.room_id) AS total,
      sum(octet_length(m.content)) OVER (PARTITION BY m.room_id ORDER BY m.id) / ${STRETCH_BYTES} AS volume
    FROM taken t CROSS JOIN LATERAL (
      SELECT m.room_id, m.id, m.created_at, m.content FROM messages m
      WHERE m.room_id = t.room_id AND m.id BETWEEN t.first_id AND t.last_id AND ${HAS_WORDS} OFFSET 0) m
    WHERE NOT t.is_change
  ), made AS (
    INSERT INTO search_stretches (room_id, first_id, last_id, first_at, last_at, words)
    SELECT m.room_id, min(m.id), max(m.id), min(m.created_at), max(m.created_at), ${WORDS}
    FROM fresh m
    GROUP BY m.room_id, (place - 1) * greatest(total / ${STRETCH}, 1) / total, volume
  ), remade AS (
    UPDATE search_stretches s
    SET words = coalesce((
      SELECT ${WORDS} FROM messages m
      WHERE m.room_id = s.room_id AND m.id BETWEEN s.first_id AND s.last_id AND ${HAS_WORDS}), '')
    WHERE ctid = ANY (ARRAY(
      SELECT s.ctid
      FROM taken t CROSS JOIN LATERAL (
        SELECT ctid, last_id FROM search_stretches
        WHERE room_id = t.room_id AND first_id <= t.first_id ORDER BY first_id DESC LIMIT 1) s
      WHERE t.is_change AND t.first_id <= s.last_id))
  )
  SELECT FROM taken`;

/** Any number, as long as nothing else locks it. */
const LOCK = 7_215_830_463;

/**
 * Writes the index of the search: `search_stretches`, from `search_backlog`. It has a connection of its own: nobody waits
 * for it, and what it does may take longer than any request.
 */
@Injectable()
export class SearchIndexRepository implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.pool = createPool(config, {
      max: 1,
      statement_timeout: CALL_TIMEOUT_MS,
      query_timeout: CALL_TIMEOUT_MS + GRACE_MS,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /** The newest row of the backlog; null if there is none. */
  async newest(): Promise<number | null> {
    const { rows } = await this.pool.query<{ id: number | null }>('SELECT max(id) AS id FROM search_backlog');
    return rows[0]!.id;
  }

  /**
   * Takes some of the backlog into the index, and gives how many of its rows those were: none if nothing is due, or if
   * another node is at it. Searches find a message by the one or the other, at any moment.
   *
   * It does not wait for the disk: if its commit is lost, the backlog has the messages again.
   */
  async takeIn(looseMax = LOOSE_MAX): Promise<number> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SET LOCAL synchronous_commit = off');
      // In a statement of its own: only then does the next see what the lock's last holder committed.
      const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
        LOCK,
      ]);
      const isMine = lock.rows[0]!.taken;
      const taken = isMine ? (await client.query(TAKE_IN, [looseMax])).rowCount : 0;
      await client.query('COMMIT');
      client.release();
      return taken ?? 0;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

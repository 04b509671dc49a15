import { endMillis } from '../rooms/restriction-end';
import { isoText, MESSAGE_AUTHOR, MESSAGE_COLUMNS } from './message-row';

/** The SQL of the log's appends, named, so that PostgreSQL plans each once a connection. */

/**
 * Stores new messages of any rooms in one statement, which is one transaction: locks their rooms in id order, moves
 * the counters, numbers the drafts in their order. The time is read behind the lock, so it grows with the ids. Drafts
 * whose author's rights were read under another version of the room's are left out.
 */
export const INSERT_PLAIN = {
  name: 'log-insert-plain',
  text: `
    WITH draft AS (
      SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[])
        WITH ORDINALITY AS d (room_id, access_version, user_id, content, client_msg_id, n)
    ), locked AS MATERIALIZED (
      SELECT id, access_version FROM rooms
      WHERE id = ANY ($1::int[]) AND is_active ORDER BY id FOR NO KEY UPDATE
    ), passed AS MATERIALIZED (
      SELECT d.* FROM draft d JOIN locked l ON l.id = d.room_id AND l.access_version = d.access_version
    ), counted AS (
      UPDATE rooms r
      SET last_seq = r.last_seq + c.n, last_message_id = r.last_message_id + c.n, last_message_at = clock_timestamp()
      FROM (SELECT room_id, count(*) AS n FROM passed GROUP BY room_id) c
      WHERE r.id = c.room_id
      RETURNING r.id, r.last_seq - c.n AS seq, r.last_message_id - c.n AS message_id, r.last_message_at AS at
    ), numbered AS MATERIALIZED (
      SELECT p.*, c.message_id + row_number() OVER room AS id, c.seq + row_number() OVER room AS seq, c.at
      FROM passed p JOIN counted c ON c.id = p.room_id
      WINDOW room AS (PARTITION BY p.room_id ORDER BY p.n)
    ), stored AS (
      INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at)
      SELECT room_id, id, seq, user_id, content, client_msg_id, at FROM numbered
    )
    SELECT n, id, seq, ${isoText('at')} AS created_at FROM numbered`,
};

export const LOCK_ROOMS = {
  name: 'log-lock-rooms',
  text: `
    SELECT id, last_seq AS "lastSeq", last_message_id AS "lastMessageId", is_active AS "isActive", visibility,
      slow_mode_seconds AS "slowModeSeconds"
    FROM rooms WHERE id = ANY ($1::int[]) ORDER BY id FOR NO KEY UPDATE`,
};

/** Asks without waiting, and lets go at once. */
export const FIND_LOCKED_ROOMS = {
  name: 'log-find-locked-rooms',
  text: `
    WITH free AS MATERIALIZED (
      SELECT id FROM rooms WHERE id = ANY ($1::int[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT id FROM rooms WHERE id = ANY ($1::int[]) AND id NOT IN (SELECT id FROM free)`,
};

export const FIND_AUTHORS = {
  name: 'log-find-authors',
  text: `
    SELECT a.room_id, a.user_id, m.role, ${endMillis('ban')} AS "bannedUntil", ${endMillis('mute')} AS "mutedUntil",
      coalesce(extract(epoch FROM m.last_sent_at)::float8 * 1000, 0) AS "lastSentAt"
    FROM (SELECT DISTINCT room_id, user_id FROM unnest($1::int[], $2::int[]) AS d (room_id, user_id)) a
    LEFT JOIN room_members m USING (room_id, user_id)
    LEFT JOIN room_restrictions ban ON ban.room_id = a.room_id AND ban.user_id = a.user_id AND ban.kind = 'ban'
    LEFT JOIN room_restrictions mute ON mute.room_id = a.room_id AND mute.user_id = a.user_id AND mute.kind = 'mute'`,
};

export const COUNT_PINS = {
  name: 'log-count-pins',
  text: `
    SELECT room_id, count(*) AS n FROM messages
    WHERE room_id = ANY ($1::int[]) AND pinned_at IS NOT NULL GROUP BY room_id`,
};

export const MARK_SLOWED = {
  name: 'log-mark-slowed',
  text: `
    UPDATE room_members m SET last_sent_at = $3::timestamptz
    FROM unnest($1::int[], $2::int[]) AS a (room_id, user_id)
    WHERE m.room_id = a.room_id AND m.user_id = a.user_id`,
};

export const NOW = { name: 'log-now', text: `SELECT ${isoText('clock_timestamp()')} AS now` };

export const FIND_BY_CLIENT_MSG_ID = {
  name: 'log-find-by-client-msg-id',
  text: `
    SELECT ${MESSAGE_COLUMNS}
    FROM unnest($1::int[], $2::int[], $3::text[]) AS k (room_id, user_id, client_msg_id)
    JOIN messages m USING (room_id, user_id, client_msg_id) ${MESSAGE_AUTHOR}`,
};

/** The messages, and those that they answer. */
export const FIND_WITH_PARENTS = {
  name: 'log-find-with-parents',
  text: `
    WITH wanted AS (
      SELECT m.room_id, m.id, m.reply_to_id
      FROM unnest($1::int[], $2::bigint[]) AS k (room_id, id) JOIN messages m USING (room_id, id)
    )
    SELECT ${MESSAGE_COLUMNS}
    FROM (SELECT room_id, id FROM wanted UNION SELECT room_id, reply_to_id FROM wanted) k
    JOIN messages m USING (room_id, id) ${MESSAGE_AUTHOR}`,
};

export const INSERT_NUMBERED = {
  name: 'log-insert-numbered',
  text: `
    INSERT INTO messages (room_id, id, seq, kind, user_id, content, event, client_msg_id, reply_to_id, reply_count,
      reactions, pinned_at, created_at, edited_at, deleted_at)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::text[], $7::jsonb[],
      $8::text[], $9::bigint[], $10::int[], $11::jsonb[], $12::timestamptz[], $13::timestamptz[],
      $14::timestamptz[], $15::timestamptz[])`,
};

export const UPDATE_CHANGED = {
  name: 'log-update-changed',
  text: `
    UPDATE messages m
    SET seq = c.seq, content = c.content, reply_count = c.reply_count, reactions = c.reactions,
      pinned_at = c.pinned_at, edited_at = c.edited_at, deleted_at = c.deleted_at
    FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::jsonb[], $7::timestamptz[],
      $8::timestamptz[], $9::timestamptz[])
      AS c (room_id, id, seq, content, reply_count, reactions, pinned_at, edited_at, deleted_at)
    WHERE m.room_id = c.room_id AND m.id = c.id`,
};

export const UPDATE_ROOMS = {
  name: 'log-update-rooms',
  text: `
    UPDATE rooms r
    SET last_seq = c.last_seq, last_message_id = c.last_message_id,
        last_message_at = CASE WHEN c.last_message_id > r.last_message_id THEN $4::timestamptz ELSE r.last_message_at END
    FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS c (id, last_seq, last_message_id)
    WHERE r.id = c.id`,
};

import { endMillis } from '../rooms/restriction-end';
import { isoText, MESSAGE_AUTHOR, MESSAGE_COLUMNS } from './message-row';

/** The SQL of the log's appends, named, so that PostgreSQL plans each once a connection. */

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
      coalesce(extract(epoch FROM slowed.last_sent_at)::float8 * 1000, 0) AS "lastSentAt",
      coalesce(m.last_read_id, 0) AS "lastReadId"
    FROM (SELECT DISTINCT room_id, user_id FROM unnest($1::int[], $2::int[]) AS d (room_id, user_id)) a
    LEFT JOIN room_members m USING (room_id, user_id)
    LEFT JOIN room_slowed_authors slowed USING (room_id, user_id)
    LEFT JOIN room_restrictions ban ON ban.room_id = a.room_id AND ban.user_id = a.user_id AND ban.kind = 'ban'
    LEFT JOIN room_restrictions mute ON mute.room_id = a.room_id AND mute.user_id = a.user_id AND mute.kind = 'mute'`,
};

/** Those who may be mentioned: members; in public rooms everyone with an active account. */
export const FIND_MENTIONABLE = {
  name: 'log-find-mentionable',
  text: `
    SELECT k.room_id, k.user_id
    FROM (SELECT DISTINCT room_id, user_id FROM unnest($1::int[], $2::int[]) AS d (room_id, user_id)) k
    JOIN rooms r ON r.id = k.room_id
    JOIN users u ON u.id = k.user_id AND u.is_active
    LEFT JOIN room_members m ON m.room_id = k.room_id AND m.user_id = k.user_id
    WHERE r.visibility = 'public' OR m.user_id IS NOT NULL`,
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
    INSERT INTO room_slowed_authors (room_id, user_id, last_sent_at)
    SELECT DISTINCT room_id, user_id, $3::timestamptz FROM unnest($1::int[], $2::int[]) AS a (room_id, user_id)
    ON CONFLICT (room_id, user_id) DO UPDATE SET last_sent_at = excluded.last_sent_at`,
};

/** Marks never move back. */
export const MARK_READ = {
  name: 'log-mark-read',
  text: `
    UPDATE room_members m SET last_read_id = a.last_read_id
    FROM unnest($1::int[], $2::int[], $3::bigint[]) AS a (room_id, user_id, last_read_id)
    WHERE m.room_id = a.room_id AND m.user_id = a.user_id AND m.last_read_id < a.last_read_id`,
};

export const INSERT_MENTIONS = {
  name: 'log-insert-mentions',
  text: `
    INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
    SELECT * FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[])`,
};

export const DELETE_MENTIONS = {
  name: 'log-delete-mentions',
  text: `
    DELETE FROM message_mentions m
    USING unnest($1::int[], $2::int[], $3::bigint[]) AS d (room_id, user_id, message_id)
    WHERE m.room_id = d.room_id AND m.user_id = d.user_id AND m.message_id = d.message_id`,
};

export const NOW = { name: 'log-now', text: `SELECT ${isoText('clock_timestamp()')} AS now` };

export const FIND_BY_CLIENT_MSG_ID = {
  name: 'log-find-by-client-msg-id',
  text: `
    SELECT ${MESSAGE_COLUMNS}, m.room_id
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
    SELECT ${MESSAGE_COLUMNS}, m.room_id
    FROM (SELECT room_id, id FROM wanted UNION SELECT room_id, reply_to_id FROM wanted) k
    JOIN messages m USING (room_id, id) ${MESSAGE_AUTHOR}`,
};

/** Notes what people wrote for the search. */
export const INSERT_NUMBERED = {
  name: 'log-insert-numbered',
  text: `
    WITH n AS (
      SELECT *
      FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::text[], $7::jsonb[],
        $8::text[], $9::bigint[], $10::int[], $11::jsonb[], $12::timestamptz[], $13::timestamptz[],
        $14::timestamptz[], $15::timestamptz[], $16::text[], $17::boolean[])
        AS n (room_id, id, seq, kind, user_id, content, event, client_msg_id, reply_to_id, reply_count, reactions,
          pinned_at, created_at, edited_at, deleted_at, mentions, mentions_room)
    ), noted AS (
      INSERT INTO search_backlog (room_id, first_id, last_id)
      SELECT room_id, id, id FROM n WHERE kind = 'user' ORDER BY id
    )
    INSERT INTO messages (room_id, id, seq, kind, user_id, content, event, client_msg_id, reply_to_id, reply_count,
      reactions, pinned_at, created_at, edited_at, deleted_at, mentions, mentions_room)
    SELECT room_id, id, seq, kind, user_id, content, event, client_msg_id, reply_to_id, reply_count, reactions,
      pinned_at, created_at, edited_at, deleted_at, mentions::int[], mentions_room
    FROM n`,
};

/** Edits and deletions, for the search. */
export const NOTE_REWORDED = {
  name: 'log-note-reworded',
  text: `
    INSERT INTO search_backlog (room_id, first_id, last_id, is_change)
    SELECT room_id, id, id, true FROM unnest($1::int[], $2::bigint[]) AS m (room_id, id)`,
};

export const UPDATE_CHANGED = {
  name: 'log-update-changed',
  text: `
    UPDATE messages m
    SET seq = c.seq, content = c.content, reply_count = c.reply_count, reactions = c.reactions,
      pinned_at = c.pinned_at, edited_at = c.edited_at, deleted_at = c.deleted_at,
      mentions = c.mentions::int[], mentions_room = c.mentions_room
    FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::jsonb[], $7::timestamptz[],
      $8::timestamptz[], $9::timestamptz[], $10::text[], $11::boolean[])
      AS c (room_id, id, seq, content, reply_count, reactions, pinned_at, edited_at, deleted_at, mentions,
        mentions_room)
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

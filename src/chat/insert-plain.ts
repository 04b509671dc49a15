import type { Message } from '../protocol/models';
import type { Appended, MessageDraft } from '../realtime/room-log';
import { countedFor } from './batch-mentions';
import { arrayText, pluck } from './message-columns';
import { isoText, newMessage } from './message-row';

/** What the statement gives for the draft number `n`, counted from 1. */
export interface PlainNumbers {
  n: number;
  id: number;
  seq: number;
  created_at: string;
}

/** What the statement has more of where drafts mention somebody. Plain messages do not pay for it. */
const NOTHING = { parameters: '', fields: '', columns: '', values: '', steps: '' };
const MENTIONS: typeof NOTHING = {
  // Lists of ids come as text: the rows of an array of arrays would have to be of one length.
  parameters: ', $6::text[], $7::boolean[], $8::text[]',
  fields: ', mentions, mentions_room, counted_for',
  columns: ', mentions, mentions_room',
  values: ', mentions::int[], mentions_room',
  steps: `, mentioned AS (
      INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
      SELECT room_id, unnest(counted_for::int[]), id, user_id FROM numbered
    )`,
};

/**
 * Stores new messages of any rooms in one statement, which is one transaction: locks their rooms in id order, moves
 * the counters, numbers the drafts in their order. The time is read behind the lock, so it grows with the ids. Drafts
 * whose author's rights were read under another version of the room's are left out.
 *
 * Authors who had read everything have read what they wrote. In each room that can only be who wrote the first of the
 * messages, so one member is looked up. A statement that waited for the lock may see a mark as it was before; then
 * (`seen` is behind) the mark is compared once more in the update, which reads its latest version.
 */
function statement(name: string, more: typeof NOTHING) {
  const text = `
    WITH draft AS (
      SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[]${more.parameters})
        WITH ORDINALITY AS d (room_id, access_version, user_id, content, client_msg_id${more.fields}, n)
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
      SELECT p.*, c.message_id + row_number() OVER room AS id, c.seq + row_number() OVER room AS seq, c.at,
        first_value(p.user_id) OVER room AS opener
      FROM passed p JOIN counted c ON c.id = p.room_id
      WINDOW room AS (PARTITION BY p.room_id ORDER BY p.n)
    ), stored AS (
      INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at${more.columns})
      SELECT room_id, id, seq, user_id, content, client_msg_id, at${more.values} FROM numbered
    ), opened AS (
      SELECT room_id, opener, min(id) - 1 AS before_id,
        coalesce(min(id) FILTER (WHERE user_id <> opener) - 1, max(id)) AS up_to_id
      FROM numbered GROUP BY room_id, opener
    ), followed AS (
      UPDATE room_members m
      SET last_read_id = CASE WHEN m.last_read_id = o.before_id THEN o.up_to_id ELSE m.last_read_id END
      FROM opened o JOIN rooms seen ON seen.id = o.room_id
      WHERE m.room_id = o.room_id AND m.user_id = o.opener
        AND (m.last_read_id = o.before_id OR seen.last_message_id < o.before_id)
    )${more.steps}
    SELECT n, id, seq, ${isoText('at')} AS created_at FROM numbered`;
  return { name, text };
}

const INSERT_PLAIN = statement('log-insert-plain', NOTHING);
const INSERT_MENTIONING = statement('log-insert-mentioning', MENTIONS);

/** The query for drafts that answer nothing. */
export function insertPlain(drafts: readonly MessageDraft[]) {
  const keys = ['roomId', 'accessVersion', 'userId', 'content', 'clientMsgId'] as const;
  const values: unknown[][] = keys.map((key) => pluck(drafts, key));
  if (drafts.every(({ mentions }) => mentions === null)) return { ...INSERT_PLAIN, values };

  const mentions = drafts.map(mentionsOf);
  values.push(
    mentions.map((mentioned) => arrayText(mentioned.mentions)),
    mentions.map(({ mentions_room }) => mentions_room === true),
    mentions.map((mentioned, index) => arrayText(countedFor(mentioned, drafts[index]!.userId))),
  );
  return { ...INSERT_MENTIONING, values };
}

/** What became of a draft that the query has stored. */
export function toAppended(draft: MessageDraft, { n: _, ...numbers }: PlainNumbers): Appended {
  const message = newMessage({
    ...numbers,
    room_id: draft.roomId,
    user_id: draft.userId,
    username: draft.username,
    content: draft.content,
    client_msg_id: draft.clientMsgId,
    reply_to_id: null,
    ...(draft.mentions && mentionsOf(draft)),
  });
  const change = { roomId: draft.roomId, seq: numbers.seq, type: 'message' as const, message };
  return { message, isDuplicate: false, changes: [change] };
}

function mentionsOf({ mentions }: MessageDraft): Pick<Message, 'mentions' | 'mentions_room'> {
  return { mentions: [...(mentions?.userIds ?? [])], ...(mentions?.room && { mentions_room: true }) };
}

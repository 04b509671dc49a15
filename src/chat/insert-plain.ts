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
  parameters: ', $9::text[], $10::boolean[], $11::text[]',
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
 * Authors who had read everything have read what they wrote: in each room that can only be who opens it, so one member
 * is looked up. A statement that waited for the lock may see a mark as it was before; then (`seen` is behind) the mark is
 * compared once more in the update, which reads its latest version.
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
      SELECT p.*, c.message_id + row_number() OVER room AS id, c.seq + row_number() OVER room AS seq, c.at
      FROM passed p JOIN counted c ON c.id = p.room_id
      WINDOW room AS (PARTITION BY p.room_id ORDER BY p.n)
    ), stored AS (
      INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at${more.columns})
      SELECT room_id, id, seq, user_id, content, client_msg_id, at${more.values} FROM numbered
    ), followed AS (
      UPDATE room_members m
      SET last_read_id = CASE m.last_read_id WHEN c.message_id THEN c.message_id + o.n ELSE m.last_read_id END
      FROM unnest($6::int[], $7::int[], $8::int[]) AS o (room_id, user_id, n)
      JOIN counted c ON c.id = o.room_id JOIN rooms seen ON seen.id = o.room_id
      WHERE m.room_id = o.room_id AND m.user_id = o.user_id
        AND (m.last_read_id = c.message_id OR seen.last_message_id < c.message_id)
    )${more.steps}
    SELECT n, id, seq, ${isoText('at')} AS created_at FROM numbered`;
  return { name, text };
}

const INSERT_PLAIN = statement('log-insert-plain', NOTHING);
const INSERT_MENTIONING = statement('log-insert-mentioning', MENTIONS);

/** Who opens a room, by writing the first of its messages, and how many of them in a row. */
interface Opening {
  roomId: number;
  userId: number;
  count: number;
}

/** The query for drafts that answer nothing; those of one room are of one version of its rights, so all pass or none. */
export function insertPlain(drafts: readonly MessageDraft[]) {
  const keys = ['roomId', 'accessVersion', 'userId', 'content', 'clientMsgId'] as const;
  const openings = openingsOf(drafts);
  const values: unknown[][] = [
    ...keys.map((key) => pluck(drafts, key)),
    ...(['roomId', 'userId', 'count'] as const).map((key) => pluck(openings, key)),
  ];
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

function openingsOf(drafts: readonly MessageDraft[]): Opening[] {
  const openings = new Map<number, Opening & { isOver: boolean }>();
  for (const { roomId, userId } of drafts) {
    const opening = openings.get(roomId);
    if (!opening) openings.set(roomId, { roomId, userId, count: 1, isOver: false });
    else if (opening.userId !== userId) opening.isOver = true;
    else if (!opening.isOver) opening.count += 1;
  }
  return [...openings.values()];
}

function mentionsOf({ mentions }: MessageDraft): Pick<Message, 'mentions' | 'mentions_room'> {
  return { mentions: [...(mentions?.userIds ?? [])], ...(mentions?.room && { mentions_room: true }) };
}

import type { Message } from '../protocol/models';
import type { Appended, MessageDraft } from '../realtime/room-log';
import { countedFor } from './batch-mentions';
import { idArray, pluck, textArray } from './message-columns';
import { isoText, newMessage } from './message-row';

/** Where a room's log stood before the statement stored the room's drafts behind it, one after the other. */
export interface RoomTail {
  room_id: number;
  id: number;
  seq: number;
  created_at: string;
}

/** What the statement has more of where drafts mention somebody. Plain messages do not pay for it. */
const NOTHING = { parameters: '', fields: '', columns: '', values: '', steps: '' };
const MENTIONS: typeof NOTHING = {
  // Lists of ids come as text: the rows of an array of arrays would have to be of one length.
  parameters: ', $11::text[], $12::boolean[], $13::text[]',
  fields: ', mentions, mentions_room, counted_for',
  columns: ', mentions, mentions_room',
  values: ', d.mentions::int[], d.mentions_room',
  steps: `, mentioned AS (
      INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
      SELECT d.room_id, unnest(d.counted_for::int[]), c.id + d.n, d.user_id
      FROM draft d JOIN counted c USING (room_id)
    )`,
};

/**
 * Stores new messages of any rooms in one statement, which is one transaction: locks their rooms in id order, moves
 * the counters, numbers each room's drafts in their order. The time is read behind the lock, so it grows with the ids.
 * Drafts whose author's rights were read under another version of the room's are left out. What a room is given is noted
 * for the search as one row.
 *
 * Authors who had read everything have read what they wrote: in each room that can only be the author of the first draft,
 * so one member is looked up. A statement that waited for the lock may see a mark as it was before; then (`seen` is behind) the mark is
 * compared once more in the update, which reads its latest version.
 *
 * It is given what each room is given together, and gives a row for each room, not for each message: counting and
 * numbering are cheaper out here.
 */
function statement(name: string, more: typeof NOTHING) {
  const text = `
    WITH locked AS MATERIALIZED (
      SELECT id, access_version FROM rooms
      WHERE id = ANY ($1::int[]) AND is_active ORDER BY id FOR NO KEY UPDATE
    ), counted AS (
      UPDATE rooms r
      SET last_seq = r.last_seq + g.n, last_message_id = r.last_message_id + g.n, last_message_at = clock_timestamp()
      FROM unnest($1::int[], $2::int[], $3::int[]) AS g (room_id, access_version, n)
      JOIN locked l ON l.id = g.room_id AND l.access_version = g.access_version
      WHERE r.id = g.room_id
      RETURNING r.id AS room_id, r.last_seq - g.n AS seq, r.last_message_id - g.n AS id, g.n, r.last_message_at AS at
    ), followed AS (
      UPDATE room_members m
      SET last_read_id = CASE m.last_read_id WHEN c.id THEN c.id + o.n ELSE m.last_read_id END
      FROM unnest($1::int[], $4::int[], $5::int[]) AS o (room_id, user_id, n)
      JOIN counted c USING (room_id) JOIN rooms seen ON seen.id = o.room_id
      WHERE m.room_id = o.room_id AND m.user_id = o.user_id AND (m.last_read_id = c.id OR seen.last_message_id < c.id)
    ), draft AS (
      SELECT * FROM unnest($6::int[], $7::int[], $8::int[], $9::text[], $10::text[]${more.parameters})
        AS d (room_id, n, user_id, content, client_msg_id${more.fields})
    ), stored AS (
      INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at${more.columns})
      SELECT d.room_id, c.id + d.n, c.seq + d.n, d.user_id, d.content, d.client_msg_id, c.at${more.values}
      FROM draft d JOIN counted c USING (room_id)
    ), noted AS (
      INSERT INTO search_backlog (room_id, first_id, last_id) SELECT room_id, id + 1, id + n FROM counted
    )${more.steps}
    SELECT room_id, id, seq, ${isoText('at')} AS created_at FROM counted`;
  return { name, text };
}

const INSERT_PLAIN = statement('log-insert-plain', NOTHING);
const INSERT_MENTIONING = statement('log-insert-mentioning', MENTIONS);

/** What one room is given. */
interface Group {
  roomId: number;
  accessVersion: number;
  count: number;
  /** Who opens it, by writing the first of its messages, and how many of them in a row. */
  openerId: number;
  opening: number;
}

/** The query for drafts that answer nothing; those of one room are of one version of its rights, so all pass or none. */
export function insertPlain(drafts: readonly MessageDraft[]) {
  const { groups, places } = grouped(drafts);
  const ofGroups = ['roomId', 'accessVersion', 'count', 'openerId', 'opening'] as const;
  const values: unknown[] = [
    ...ofGroups.map((key) => idArray(pluck(groups, key))),
    idArray(pluck(drafts, 'roomId')),
    idArray(places),
    idArray(pluck(drafts, 'userId')),
    textArray(pluck(drafts, 'content')),
    textArray(pluck(drafts, 'clientMsgId')),
  ];
  if (drafts.every(({ mentions }) => mentions === null)) return { ...INSERT_PLAIN, values };

  const mentions = drafts.map(mentionsOf);
  values.push(
    mentions.map((mentioned) => idArray(mentioned.mentions)),
    mentions.map(({ mentions_room }) => mentions_room === true),
    mentions.map((mentioned, index) => idArray(countedFor(mentioned, drafts[index]!.userId))),
  );
  return { ...INSERT_MENTIONING, values };
}

/** What became of the drafts, given what the query gave: null for those of rooms that it left out. */
export function toAppended(drafts: readonly MessageDraft[], tails: readonly RoomTail[]): (Appended | null)[] {
  const ends = new Map(tails.map((tail) => [tail.room_id, { ...tail }]));
  return drafts.map((draft) => {
    const end = ends.get(draft.roomId);
    if (!end) return null;
    end.id += 1;
    end.seq += 1;
    // Field by field: copying `end` and adding to the copy makes a message a third dearer (docs/performance.md).
    const message = newMessage({
      id: end.id,
      seq: end.seq,
      room_id: draft.roomId,
      user_id: draft.userId,
      username: draft.username,
      content: draft.content,
      client_msg_id: draft.clientMsgId,
      reply_to_id: null,
      created_at: end.created_at,
      ...(draft.mentions && mentionsOf(draft)),
    });
    const change = { roomId: draft.roomId, seq: end.seq, type: 'message' as const, message };
    return { message, isDuplicate: false, changes: [change] };
  });
}

/** What each room is given, and each draft's place in its room's group, counted from 1. */
function grouped(drafts: readonly MessageDraft[]): { groups: Group[]; places: number[] } {
  const groups = new Map<number, Group>();
  const places = drafts.map(({ roomId, accessVersion, userId }) => {
    const group = groups.get(roomId) ?? { roomId, accessVersion, count: 0, openerId: userId, opening: 0 };
    groups.set(roomId, group);
    if (group.opening === group.count && group.openerId === userId) group.opening += 1;
    return ++group.count;
  });
  return { groups: [...groups.values()], places };
}

function mentionsOf({ mentions }: MessageDraft): Pick<Message, 'mentions' | 'mentions_room'> {
  return { mentions: [...(mentions?.userIds ?? [])], ...(mentions?.room && { mentions_room: true }) };
}

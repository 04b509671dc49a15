import { DELETED_USERNAME, type Message } from '../protocol/models';
import type { RoomEvent } from '../protocol/room-events';
import type { StoredReaction } from './message.entity';

/**
 * A stored message as SQL gives it: times are text already, and what is as with most messages is null, which the driver
 * need not parse. Of a page of plain messages that saves it a third of its work.
 */
export interface MessageRow {
  room_id: number;
  id: number;
  seq: number;
  kind: 'system' | null;
  user_id: number | null;
  username: string | null;
  content: string | null;
  event: Record<string, unknown> | null;
  client_msg_id: string | null;
  reply_to_id: number | null;
  reply_count: number | null;
  mentions: number[] | null;
  mentions_room: true | null;
  reactions: StoredReaction[] | null;
  pinned_at: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
}

/** ISO 8601 in UTC with milliseconds, made by the database: cheaper than a Date and back. */
export function isoText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The columns of a `MessageRow`, from `messages AS m` with its author `users AS u`. */
export const MESSAGE_COLUMNS = `m.room_id, m.id, m.seq, NULLIF(m.kind, 'user') AS kind, m.user_id, u.username,
  m.content, m.event, m.client_msg_id, m.reply_to_id, NULLIF(m.reply_count, 0) AS reply_count,
  NULLIF(m.mentions, '{}') AS mentions, NULLIF(m.mentions_room, false) AS mentions_room,
  NULLIF(m.reactions, '[]') AS reactions,
  ${isoText('m.pinned_at')} AS pinned_at,
  ${isoText('m.created_at')} AS created_at, ${isoText('m.edited_at')} AS edited_at,
  ${isoText('m.deleted_at')} AS deleted_at`;

export const MESSAGE_AUTHOR = 'LEFT JOIN users u ON u.id = m.user_id';

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    seq: row.seq,
    kind: row.kind ?? 'user',
    room_id: row.room_id,
    user_id: row.user_id,
    username: row.username ?? DELETED_USERNAME,
    content: row.content,
    ...(row.event && { event: row.event }),
    client_msg_id: row.client_msg_id,
    reply_to_id: row.reply_to_id,
    reply_count: row.reply_count ?? 0,
    mentions: row.mentions ?? [],
    ...(row.mentions_room && { mentions_room: true }),
    reactions:
      row.reactions?.map(({ emoji, user_ids }) => ({ emoji, count: user_ids.length, user_ids })) ?? [],
    pinned_at: row.pinned_at,
    created_at: row.created_at,
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
  };
}

/** A message that has just been written. */
export function newMessage(
  fields: Pick<
    Message,
    | 'id'
    | 'seq'
    | 'room_id'
    | 'user_id'
    | 'username'
    | 'content'
    | 'client_msg_id'
    | 'reply_to_id'
    | 'created_at'
  > &
    Partial<Pick<Message, 'kind' | 'mentions' | 'mentions_room'>> & { event?: RoomEvent },
): Message {
  return {
    id: fields.id,
    seq: fields.seq,
    kind: fields.kind ?? 'user',
    room_id: fields.room_id,
    user_id: fields.user_id,
    username: fields.username,
    content: fields.content,
    ...(fields.event && { event: { ...fields.event } }),
    client_msg_id: fields.client_msg_id,
    reply_to_id: fields.reply_to_id,
    reply_count: 0,
    mentions: fields.mentions ?? [],
    ...(fields.mentions_room && { mentions_room: true }),
    reactions: [],
    pinned_at: null,
    created_at: fields.created_at,
    edited_at: null,
    deleted_at: null,
  };
}

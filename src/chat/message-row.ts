import { DELETED_USERNAME, type Message } from '../protocol/models';
import type { RoomEvent } from '../protocol/room-events';
import type { StoredReaction } from './message.entity';

/**
 * A stored message as SQL gives it, in the order of `MESSAGE_COLUMNS`. Times are text already, and what is as with most
 * messages is null, which the driver need not parse. Of a page of plain messages that saves it a third of its work, and
 * not giving its names to each row half of the rest.
 */
export type MessageRow = [
  id: number,
  seq: number,
  kind: 'system' | null,
  user_id: number | null,
  username: string | null,
  content: string | null,
  event: Record<string, unknown> | null,
  client_msg_id: string | null,
  reply_to_id: number | null,
  reply_count: number | null,
  mentions: number[] | null,
  mentions_room: true | null,
  reactions: StoredReaction[] | null,
  pinned_at: string | null,
  created_at: string,
  edited_at: string | null,
  deleted_at: string | null,
];

/** ISO 8601 in UTC with milliseconds, made by the database: cheaper than a Date and back. */
export function isoText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

type Texts<Row extends unknown[]> = { [Column in keyof Row]: string };

const COLUMNS: Texts<MessageRow> = [
  'm.id',
  'm.seq',
  `NULLIF(m.kind, 'user')`,
  'm.user_id',
  'u.username',
  'm.content',
  'm.event',
  'm.client_msg_id',
  'm.reply_to_id',
  'NULLIF(m.reply_count, 0)',
  `NULLIF(m.mentions, '{}')`,
  'NULLIF(m.mentions_room, false)',
  `NULLIF(m.reactions, '[]')`,
  isoText('m.pinned_at'),
  isoText('m.created_at'),
  isoText('m.edited_at'),
  isoText('m.deleted_at'),
];

/** The columns of a `MessageRow`, from `messages AS m` with its author `users AS u`. */
export const MESSAGE_COLUMNS = COLUMNS.join(', ');

/** The place of what stands behind them in a row. */
export const BEHIND_MESSAGE: MessageRow['length'] = 17;

/** As many columns without a value. */
export const NO_MESSAGE = COLUMNS.map(() => 'NULL').join(', ');

export const MESSAGE_AUTHOR = 'LEFT JOIN users u ON u.id = m.user_id';

/** The message of a row, which may have more columns behind it. */
export function toMessage(roomId: number, row: readonly [...MessageRow, ...unknown[]]): Message {
  const [
    id,
    seq,
    kind,
    user_id,
    username,
    content,
    event,
    client_msg_id,
    reply_to_id,
    reply_count,
    mentions,
    mentions_room,
    reactions,
    pinned_at,
    created_at,
    edited_at,
    deleted_at,
  ] = row;
  const message: Message = {
    id,
    seq,
    kind: kind ?? 'user',
    room_id: roomId,
    user_id,
    username: username ?? DELETED_USERNAME,
    content,
    client_msg_id,
    reply_to_id,
    reply_count: reply_count ?? 0,
    mentions: mentions ?? [],
    reactions: reactions?.map(({ emoji, user_ids }) => ({ emoji, count: user_ids.length, user_ids })) ?? [],
    pinned_at,
    created_at,
    edited_at,
    deleted_at,
  };
  if (event) message.event = event;
  if (mentions_room) message.mentions_room = mentions_room;
  return message;
}

/** A message of any room, by `MESSAGE_COLUMNS` and `m.room_id`. */
export type RoomsMessageRow = [...MessageRow, roomId: number];

export function toRoomsMessage(row: RoomsMessageRow): Message {
  return toMessage(row[BEHIND_MESSAGE], row);
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
  const message: Message = {
    id: fields.id,
    seq: fields.seq,
    kind: fields.kind ?? 'user',
    room_id: fields.room_id,
    user_id: fields.user_id,
    username: fields.username,
    content: fields.content,
    client_msg_id: fields.client_msg_id,
    reply_to_id: fields.reply_to_id,
    reply_count: 0,
    mentions: fields.mentions ?? [],
    reactions: [],
    pinned_at: null,
    created_at: fields.created_at,
    edited_at: null,
    deleted_at: null,
  };
  if (fields.event) message.event = { ...fields.event };
  if (fields.mentions_room) message.mentions_room = true;
  return message;
}

import type { Message } from '../protocol/models';

/** The columns of a message in the order of `INSERT_NUMBERED`. */
export const INSERTED = [
  'room_id',
  'id',
  'seq',
  'kind',
  'user_id',
  'content',
  'event',
  'client_msg_id',
  'reply_to_id',
  'reply_count',
  'reactions',
  'pinned_at',
  'created_at',
  'edited_at',
  'deleted_at',
  'mentions',
  'mentions_room',
] as const;

/** Those that change, in the order of `UPDATE_CHANGED`. */
export const UPDATED = [
  'room_id',
  'id',
  'seq',
  'content',
  'reply_count',
  'reactions',
  'pinned_at',
  'edited_at',
  'deleted_at',
  'mentions',
  'mentions_room',
] as const;

/** One column of many rows, as `unnest` takes it. */
export const pluck = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key): Row[Key][] =>
  rows.map((row) => row[key]);

/**
 * Numbers as an array in PostgreSQL's own notation. The driver makes the same of an array, but looks at each value for what it may
 * be; and arrays of arrays would have to be of one length.
 */
export const idArray = (ids: readonly number[]) => `{${ids.join(',')}}`;

/** Texts as an array in PostgreSQL's own notation. */
export const textArray = (texts: readonly (string | null)[]) => `{${texts.map(quoted).join(',')}}`;

const quoted = (text: string | null) => (text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`);

/** A message as its columns hold it; the driver would make PostgreSQL arrays of JSON ones. */
export function toColumns(message: Message) {
  const reactions = message.reactions.map(({ emoji, user_ids }) => ({ emoji, user_ids }));
  return {
    ...message,
    event: message.event ? JSON.stringify(message.event) : null,
    reactions: JSON.stringify(reactions),
    mentions: idArray(message.mentions),
    mentions_room: message.mentions_room ?? false,
  };
}

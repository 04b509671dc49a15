import { INT4_MAX, parseCanonicalInteger } from '../common/canonical-integer';
import { isInPlainYear } from '../common/validation/is-instant';
import { ID_MAX } from '../common/validation/is-id';

/** A place in all messages by time. Several may have one time, so room and id decide between them. */
export interface SearchPosition {
  /** ISO 8601 in UTC with milliseconds. */
  time: string;
  roomId: number;
  messageId: number;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/**
 * Reads what `before` may be: a time, or the `next_cursor` of a page, which is a time with the room and the id of the
 * page's last message (`2026-01-01T09:20:00.000Z~1~42`). Null for anything else. A time stands before every message
 * that was sent at it.
 */
export function parseSearchPosition(text: string): SearchPosition | null {
  const [time, room, message, ...rest] = text.split('~');
  if (!time || rest.length > 0 || !TIME.test(time)) return null;
  const milliseconds = Date.parse(time);
  if (!isInPlainYear(milliseconds)) return null;
  const iso = new Date(milliseconds).toISOString();
  // `Date` takes February 30 for March 2.
  if (!iso.startsWith(time.slice(0, 19))) return null;
  if (room === undefined) return { time: iso, roomId: 0, messageId: 0 };

  const roomId = parseCanonicalInteger(room, { min: 1, max: INT4_MAX });
  const messageId = message === undefined ? null : parseCanonicalInteger(message, { min: 1, max: ID_MAX });
  return roomId === null || messageId === null ? null : { time: iso, roomId, messageId };
}

export function formatSearchPosition({ time, roomId, messageId }: SearchPosition): string {
  return `${time}~${roomId}~${messageId}`;
}

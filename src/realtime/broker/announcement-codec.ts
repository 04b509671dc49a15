import { isNestedDeeperThan } from '../../common/validation/shape';
import { CloseCode } from '../../protocol/close-codes';
import type { Message, Reaction } from '../../protocol/models';
import type { AnnouncedChange, Announcement, AnnouncementOf, AnnouncementType } from './announcement';
import {
  anyOf,
  type Check,
  countUpTo,
  isAbsent,
  isCount,
  isNumber,
  isRecord,
  isText,
  listOf,
  oneOf,
  orNull,
  type Shape,
  shaped,
  textUpTo,
  tupleOf,
} from './shape';

/** Moves on with every change that an older node would take for something else. */
const VERSION = 1;
/** Longer texts are not even parsed; no broker carries half of it. */
const MAX_CHARS = 1_000_000;
/** Levels of objects and arrays in one announcement; what is deeper could overflow the stack of whoever encodes it. */
const MAX_DEPTH = 32;

/** Who published, and what. */
export interface Received {
  from: string;
  announcement: Announcement;
}

const isReaction = shaped<Reaction>({ emoji: isText, count: isCount, user_ids: listOf(isNumber) });

const isMessage = shaped<Message>({
  id: isNumber,
  seq: isNumber,
  kind: oneOf('user', 'system'),
  room_id: isNumber,
  user_id: orNull(isNumber),
  username: isText,
  content: orNull(isText),
  event: anyOf(isAbsent, isRecord),
  client_msg_id: orNull(isText),
  reply_to_id: orNull(isNumber),
  reply_count: isCount,
  mentions: listOf(isNumber),
  mentions_room: anyOf(isAbsent, (value) => value === true),
  reactions: listOf(isReaction),
  pinned_at: orNull(isText),
  created_at: isText,
  edited_at: orNull(isText),
  deleted_at: orNull(isText),
});

const isChange = shaped<AnnouncedChange>({ type: oneOf('message', 'message_updated'), message: isMessage });

/** The frames that may be announced: those that stand in no log. */
const isFrame = shaped({
  type: oneOf('typing', 'read', 'room_updated', 'member_updated', 'room_closed'),
  data: isRecord,
});

const isCloseCode = oneOf(...Object.values(CloseCode));

/** More than these are no rooms, users or parts that a node could mean. */
const NAMED_MAX = 1_000;
const PARTS_MAX = 100;
const COUNT_MAX = 10_000_000;
const NAME_MAX_CHARS = 64;

const isListedUser = tupleOf(isNumber, textUpTo(NAME_MAX_CHARS));
const isNamed = (check: Check) => listOf(check, NAMED_MAX);

const SHAPES: { readonly [T in AnnouncementType]: Shape<Omit<AnnouncementOf<T>, 'type'>> } = {
  changes: { room_id: isNumber, changes: listOf(isChange) },
  advanced: { room_id: isNumber, last_seq: isNumber },
  frame: { room_id: isNumber, frame: isFrame, except_user_id: orNull(isNumber) },
  room_closed: { room_id: isNumber, frame: isFrame, code: isCloseCode },
  user_removed: { room_id: isNumber, user_id: isNumber, code: isCloseCode, reason: isText },
  user_renamed: { user_id: isNumber, username: isText },
  rights_changed: { room_id: isNumber, user_id: orNull(isNumber) },
  session_ended: { session_id: isText, reason: isText },
  user_sessions_ended: { user_id: isNumber, reason: isText, except_session_id: orNull(isText) },
  user_changed: { user_id: isNumber },
  presence_list: {
    room_id: isNumber,
    rev: isNumber,
    part: countUpTo(PARTS_MAX - 1),
    parts: countUpTo(PARTS_MAX),
    users: isNamed(isListedUser),
  },
  presence_change: {
    room_id: isNumber,
    base: isCount,
    rev: isNumber,
    came: isNamed(isListedUser),
    gone: isNamed(isNumber),
  },
  presence_count: { room_id: isNumber, rev: isNumber, count: countUpTo(COUNT_MAX) },
  presence_digest: { rooms: isNamed(tupleOf(isNumber, isNumber)) },
  presence_wanted: { room_ids: isNamed(isNumber), of: orNull(isText) },
  typing: { room_id: isNumber, user_id: isNumber, username: textUpTo(NAME_MAX_CHARS) },
  marks_moved: { marks: isNamed(tupleOf(isNumber, isNumber, isCount)) },
  hello: { to: orNull(isText) },
  bye: {},
};

const CHECKS = new Map<unknown, Check>(Object.entries(SHAPES).map(([type, shape]) => [type, shaped(shape)]));

/** How every payload of a node begins: what comes back to it is known without being parsed. */
export function signature(nodeId: string): string {
  return `{"v":${VERSION},"from":${JSON.stringify(nodeId)},`;
}

export function encodeAnnouncement(nodeId: string, announcement: Announcement): string {
  return signature(nodeId) + JSON.stringify(announcement).slice(1);
}

/** What a payload says; null for whatever this version does not understand to the last field. Never throws. */
export function decodeAnnouncement(payload: string): Received | null {
  if (payload.length > MAX_CHARS) return null;
  const announced = parse(payload);
  if (announced?.v !== VERSION || !isText(announced.from) || isNestedDeeperThan(announced, MAX_DEPTH))
    return null;
  const { v: _version, from, ...announcement } = announced;
  if (!CHECKS.get(announcement.type)?.(announcement)) return null;
  return isCoherent(announcement as unknown as Announcement)
    ? { from: from as string, announcement: announcement as unknown as Announcement }
    : null;
}

function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return isRecord(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Whether changes are all of the room that they are announced for. */
function isCoherent(announcement: Announcement): boolean {
  if (announcement.type !== 'changes') return true;
  const { room_id, changes } = announcement;
  return changes.length > 0 && changes.every(({ message }) => message.room_id === room_id);
}

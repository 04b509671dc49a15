import type { MemberRole, RoomVisibility } from './models';

/** What happened to a membership, as `member_updated` tells it. */
export const MEMBER_CHANGES = [
  'joined',
  'left',
  'added',
  'removed',
  'role_changed',
  'banned',
  'unbanned',
  'muted',
  'unmuted',
] as const;

export type MemberChange = (typeof MEMBER_CHANGES)[number];

/** The user whom an event is about. By id alone: names change, and go with a deleted account, while the log stays. */
interface Concerned {
  user_id: number;
}

/** What was, and what is now. */
interface Turned<T> {
  from: T;
  to: T;
}

/**
 * What happened to a room: the `event` of a system message, whose author is who did it. Members come and go without one
 * in public rooms.
 */
export type RoomEvent =
  | { type: 'message_pinned' | 'message_unpinned'; message_id: number }
  | ({ type: 'room_renamed' } & Turned<string>)
  | ({ type: 'room_description_changed' } & Turned<string | null>)
  | ({ type: 'room_visibility_changed' } & Turned<RoomVisibility>)
  | ({ type: 'room_slow_mode_changed' } & Turned<number>)
  | ({ type: 'member_joined' | 'member_left' } & Concerned)
  | ({ type: 'member_added' | 'member_removed'; role: MemberRole } & Concerned)
  | ({ type: 'role_changed' } & Concerned & Turned<MemberRole>)
  | ({ type: 'member_banned'; reason: string | null; until: string | null } & Concerned)
  | ({ type: 'member_muted'; until: string | null } & Concerned)
  | ({ type: 'member_unbanned' | 'member_unmuted' } & Concerned);

const EVERY_TYPE: Record<RoomEvent['type'], true> = {
  message_pinned: true,
  message_unpinned: true,
  room_renamed: true,
  room_description_changed: true,
  room_visibility_changed: true,
  room_slow_mode_changed: true,
  member_joined: true,
  member_left: true,
  member_added: true,
  member_removed: true,
  role_changed: true,
  member_banned: true,
  member_muted: true,
  member_unbanned: true,
  member_unmuted: true,
};

/** Everything that a system message may tell. */
export const ROOM_EVENT_TYPES = Object.keys(EVERY_TYPE) as RoomEvent['type'][];

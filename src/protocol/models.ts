/** The models that clients see: REST bodies and the `data` of frames. Times are ISO 8601 UTC with milliseconds. */

export type UserRole = 'user' | 'admin';
export type RoomVisibility = 'public' | 'private' | 'direct';
export type MemberRole = 'owner' | 'moderator' | 'member';

/** A user as everyone may see them. */
export interface PublicUser {
  id: number;
  username: string;
  role: UserRole;
  display_name: string | null;
  bio: string | null;
  avatar_url: string | null;
  created_at: string;
}

/** A user as they, and administrators, see them. */
export interface User extends PublicUser {
  email: string;
  is_active: boolean;
  updated_at: string;
}

export interface UserPage {
  users: User[];
  has_more: boolean;
  next_cursor: number | null;
}

export interface TokenResponse {
  access_token: string;
  refresh_token: string;
  token_type: 'bearer';
  /** Seconds until the access token expires. */
  expires_in: number;
  user: User;
}

/** One device of a user. */
export interface Session {
  id: string;
  user_agent: string | null;
  ip: string | null;
  created_at: string;
  last_used_at: string;
  current: boolean;
}

/** What the caller has to do with a room. */
export interface Membership {
  role: MemberRole;
  last_read_id: number;
  /** Messages behind `last_read_id`, of whatever kind: what an author sends with everything read counts as read. */
  unread_count: number;
  /** Those of them that mention the caller. */
  mention_count: number;
  muted: boolean;
  joined_at: string;
}

export interface Room {
  id: number;
  name: string;
  description: string | null;
  visibility: RoomVisibility;
  is_active: boolean;
  created_by: number | null;
  member_count: number;
  last_message_id: number;
  last_seq: number;
  last_message_at: string | null;
  slow_mode_seconds: number;
  created_at: string;
  updated_at: string;
  /** Null for someone who is not a member. */
  my: Membership | null;
}

/** A page of rooms by id. `next_cursor` gives the next page; null at the end. */
export interface RoomPage {
  rooms: Room[];
  has_more: boolean;
  next_cursor: number | null;
}

export interface Member {
  user: PublicUser;
  role: MemberRole;
  joined_at: string;
}

/** A page of members by user id. `next_cursor` gives the next page; null at the end. */
export interface MemberPage {
  members: Member[];
  has_more: boolean;
  next_cursor: number | null;
}

/** Someone who is present in a room. */
export interface PresentUser {
  id: number;
  username: string;
}

/** Who reads a room now: each user once, however many devices. `users` is left out where many are online. */
export interface PresenceState {
  count: number;
  users?: PresentUser[];
}

/** A ban, which keeps a user out of a room, or a mute, which keeps them from sending, editing and reacting. */
export interface Restriction {
  user: PublicUser;
  kind: 'ban' | 'mute';
  reason: string | null;
  /** Null: until it is lifted. */
  until: string | null;
  /** The user who ordered it; null once their account was erased. */
  created_by: number | null;
  created_at: string;
}

/** A page of bans or mutes by user id. `next_cursor` gives the next page; null at the end. */
export interface RestrictionPage {
  restrictions: Restriction[];
  has_more: boolean;
  next_cursor: number | null;
}

/** How far the caller has read in a room. */
export interface ReadState {
  last_read_id: number;
  unread_count: number;
  mention_count: number;
}

export interface Reaction {
  emoji: string;
  count: number;
  user_ids: number[];
}

/**
 * One entry of a room's log in its latest state.
 *
 * `id` never changes and is the cursor of history; `seq` is the number of the last change
 * to it. A deleted message keeps its place, with `content` null and no reactions.
 */
export interface Message {
  id: number;
  seq: number;
  kind: 'user' | 'system';
  room_id: number;
  user_id: number | null;
  username: string;
  content: string | null;
  /** What a machine needs of a system message; absent on a user's. */
  event?: Record<string, unknown>;
  client_msg_id: string | null;
  reply_to_id: number | null;
  reply_count: number;
  /** The users whom the text names, by id, in the order of the text. */
  mentions: number[];
  /** Whether it names everyone in the room; absent where it does not. */
  mentions_room?: true;
  reactions: Reaction[];
  pinned_at: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
}

/** A page of history, oldest first. `next_cursor` gives the next page in the same direction; null at the end. */
export interface HistoryPage {
  messages: Message[];
  has_more: boolean;
  next_cursor: number | null;
  last_seq: number;
  epoch: string;
}

/** What changed after a `seq`: every changed message once, in its latest state, by `seq`. */
export interface ChangesPage {
  messages: Message[];
  /** The position reached by reading this page. */
  last_seq: number;
  epoch: string;
  has_more: boolean;
}

/** The name shown for the author of messages whose account was deleted. */
export const DELETED_USERNAME = 'deleted user';

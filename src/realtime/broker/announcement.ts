import type { CloseCode } from '../../protocol/close-codes';
import type { ServerFrame } from '../../protocol/frames';
import type { Message } from '../../protocol/models';
import type { Topic } from './broker';

/** A committed change, as nodes tell each other. Its `seq` and its room are the message's. */
export interface AnnouncedChange {
  type: 'message' | 'message_updated';
  message: Message;
}

/** What concerns the readers of one room, on every node. */
export type RoomAnnouncement =
  /** Something that is not in the log: typing, how far someone has read, a room's new name. */
  | { type: 'frame'; room_id: number; frame: ServerFrame; except_user_id: number | null }
  /** The room has been archived. `frame` tells those who read several rooms. */
  | { type: 'room_closed'; room_id: number; frame: ServerFrame; code: CloseCode }
  /** A user may read the room no more. */
  | { type: 'user_removed'; room_id: number; user_id: number; code: CloseCode; reason: string }
  /** Another name is shown for an author. */
  | { type: 'user_renamed'; user_id: number; username: string };

/** Users by id and name, as presence lists them. */
export type ListedUser = readonly [id: number, username: string];

/** Who is present in a room on the node that says so. Its revisions grow with everything that it says of presence. */
export type PresenceAnnouncement =
  /** A part of everybody. */
  | { type: 'presence_list'; room_id: number; rev: number; part: number; parts: number; users: ListedUser[] }
  /** The difference to the revision `base`; to nobody, if that is 0. */
  | {
      type: 'presence_change';
      room_id: number;
      base: number;
      rev: number;
      came: ListedUser[];
      gone: number[];
    }
  /** More than are listed. */
  | { type: 'presence_count'; room_id: number; rev: number; count: number }
  /** The revisions that hold; of the rooms that are not empty. */
  | { type: 'presence_digest'; rooms: (readonly [roomId: number, rev: number])[] }
  /** Somebody needs the whole of these rooms, of one node or of all. */
  | { type: 'presence_wanted'; room_ids: number[]; of: string | null };

/** How far a user has read a room. */
export type MovedMark = readonly [roomId: number, userId: number, messageId: number];

/** What nodes tell each other. All of it is true already: committed, or of no consequence if it is lost. */
export type Announcement =
  | RoomAnnouncement
  | PresenceAnnouncement
  | { type: 'typing'; room_id: number; user_id: number; username: string }
  /** For the users' own devices. */
  | { type: 'marks_moved'; marks: MovedMark[] }
  /** Changes of a room, in `seq` order. */
  | { type: 'changes'; room_id: number; changes: AnnouncedChange[] }
  /** The same where the contents would not fit: the log of the room has come to `last_seq`. */
  | { type: 'advanced'; room_id: number; last_seq: number }
  /** What is known of the room's rights, or of one user's in it, is out of date. */
  | { type: 'rights_changed'; room_id: number; user_id: number | null }
  | { type: 'session_ended'; session_id: string; reason: string }
  | { type: 'user_sessions_ended'; user_id: number; reason: string; except_session_id: string | null }
  /** The role, the name or the activity of a user. */
  | { type: 'user_changed'; user_id: number }
  /** A node is there; `to` names the node whose first word this answers. */
  | { type: 'hello'; to: string | null }
  /** A node goes. */
  | { type: 'bye' };

export type AnnouncementType = Announcement['type'];
export type AnnouncementOf<T extends AnnouncementType> = Extract<Announcement, { type: T }>;

/** What a lost subscription to a room may miss, since the log has it or nobody misses it. All else goes to every node. */
const FOR_A_ROOM: readonly AnnouncementType[] = [
  'changes',
  'advanced',
  'frame',
  'typing',
  'presence_list',
  'presence_change',
  'presence_count',
];

export function topicOf(announcement: Announcement): Topic {
  return 'room_id' in announcement && FOR_A_ROOM.includes(announcement.type)
    ? { roomId: announcement.room_id }
    : 'nodes';
}

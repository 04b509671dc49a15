import type { Message } from '../protocol/models';
import type { AuthorFacts, RoomFacts } from './author-rights';

/** A locked room: what is asked of it, and its counters. */
export interface LockedRoomRow extends RoomFacts {
  lastSeq: number;
  lastMessageId: number;
  pinnedCount: number;
}

/** What a batch found when the rooms had been locked, and what it leaves to be written. */
export interface BatchState {
  rooms: Map<number, LockedRoomRow>;
  /** What is known of the authors in their rooms, by `authorKey`. */
  authors: Map<string, AuthorFacts>;
  /** Stored messages that the drafts concern, by `messageKey`. */
  messages: Map<string, Message>;
  /** Stored messages by `namedKey`. */
  byClientMsgId: Map<string, Message>;
  /** Those of the users named by the drafts who may be, by `authorKey`. */
  mentionable: Set<string>;
  now: string;
}

export interface BatchLimits {
  /** Different emoji on one message. */
  reactionsMax: number;
  /** Pinned messages of one room. */
  pinsMax: number;
}

export const messageKey = (roomId: number, messageId: number) => `${roomId}:${messageId}`;
export const authorKey = (roomId: number, userId: number) => `${roomId}:${userId}`;
export const namedKey = (roomId: number, userId: number | null, clientMsgId: string) =>
  `${roomId}:${userId}:${clientMsgId}`;

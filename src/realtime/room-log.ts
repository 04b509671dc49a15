import type { ChatError } from '../common/chat-error';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';

/** A change that someone wants to make to a room's log. */
export type Draft = MessageDraft | EditDraft | DeletionDraft | ReactionDraft | PinDraft;

/**
 * Who wants it, and under which version of the room's rights they were found entitled to it. If rights were taken away
 * since, the log asks again, with the room held: nothing is stored for someone who lost the right before.
 */
interface DraftOfAuthor {
  roomId: number;
  userId: number;
  isAdmin: boolean;
  accessVersion: number;
}

/**
 * Whom a text names, as looked up under the draft's version of the rights. If rights were taken away since, the log keeps
 * those who may still be named.
 */
export interface DraftMentions {
  userIds: readonly number[];
  /** Everyone in the room: a moderator's right. */
  room: boolean;
}

export interface MessageDraft extends DraftOfAuthor {
  kind: 'message';
  username: string;
  content: string;
  mentions: DraftMentions | null;
  /** Names the message for its author: stored once per room and author, however often it is sent. */
  clientMsgId: string | null;
  replyToId: number | null;
  /** Whether the room is in slow mode for the author: the log itself then tells when the last message was. */
  isSlowed: boolean;
}

/** Only the author's own messages are edited. */
export interface EditDraft extends DraftOfAuthor {
  kind: 'edit';
  messageId: number;
  content: string;
  mentions: DraftMentions | null;
}

/** Authors delete their own messages, moderators anyone's. */
export interface DeletionDraft extends DraftOfAuthor {
  kind: 'deletion';
  messageId: number;
}

/** Members add their reaction, or take it back. */
export interface ReactionDraft extends DraftOfAuthor {
  kind: 'reaction';
  messageId: number;
  emoji: string;
  isOn: boolean;
}

/** Moderators pin and unpin; a system message tells of it. */
export interface PinDraft extends DraftOfAuthor {
  kind: 'pin';
  username: string;
  messageId: number;
  isOn: boolean;
}

/** One numbered entry of a room's log, as it is announced. */
export interface Change {
  roomId: number;
  seq: number;
  type: 'message' | 'message_updated';
  message: Message;
}

/** What became of a draft. */
export interface Appended {
  message: Message;
  /** Whether the message had been stored before under its `clientMsgId`. */
  isDuplicate: boolean;
  /** By `seq`; empty if nothing changed (a repetition). A reply changes the message it answers too. */
  changes: Change[];
}

/** What the log says of rooms that somebody knows up to a position. */
export interface LogTails {
  /** The name of the log's life. */
  epoch: string;
  /** The last `seq` of the rooms that stand elsewhere than they were thought to. */
  lastSeqs: ReadonlyMap<number, number>;
}

/**
 * The log of every room, kept where it outlives the process.
 *
 * Order: a change takes its room's next `seq` (1, 2, 3 …, no gaps) in commit order, and a message its room's next `id`;
 * drafts of one call are numbered in their order. Delivery: what a promise has resolved with is durable and visible to
 * every later read on any node. Failure: see each method.
 */
export abstract class RoomLog {
  /**
   * Commits the drafts, of any rooms, together. One call at a time.
   *
   * A draft that cannot be stored gets a `ChatError` in its place and does not hinder the others. If the whole
   * call fails, it rejects with a `ChatError` whose `outcome` tells whether the drafts may be stored all the same.
   */
  abstract append(drafts: readonly Draft[]): Promise<(Appended | ChatError)[]>;

  /** Up to `limit` messages changed after `seq`, by `seq`, each once in its latest state. */
  abstract changesAfter(roomId: number, seq: number, limit: number): Promise<ChangesPage>;

  /** Which of the rooms do not end where `positions` says, each with its last `seq`. One query, however many rooms. */
  abstract movedOn(positions: ReadonlyMap<number, number>): Promise<LogTails>;

  /** The newest `limit` messages and the position that they were read at, from one snapshot. */
  abstract recent(roomId: number, limit: number): Promise<HistoryPage>;
}

import type { ChatError } from '../common/chat-error';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';

/** A change that someone wants to make to a room's log. Its author has been found entitled to it. */
export type Draft = MessageDraft | EditDraft | DeletionDraft;

export interface MessageDraft {
  kind: 'message';
  roomId: number;
  userId: number;
  username: string;
  content: string;
  /** Names the message for its author: stored once per room and author, however often it is sent. */
  clientMsgId: string | null;
  replyToId: number | null;
}

export interface EditDraft {
  kind: 'edit';
  roomId: number;
  messageId: number;
  /** Only the author's own messages are edited. */
  userId: number;
  content: string;
}

export interface DeletionDraft {
  kind: 'deletion';
  roomId: number;
  messageId: number;
  userId: number;
  /** Whether messages of others may be deleted too. */
  canModerate: boolean;
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

  /** The newest `limit` messages and the position that they were read at, from one snapshot. */
  abstract recent(roomId: number, limit: number): Promise<HistoryPage>;
}

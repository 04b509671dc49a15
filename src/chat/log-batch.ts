import { ChatError } from '../common/chat-error';
import type { Message } from '../protocol/models';
import type { Appended, Change, DeletionDraft, Draft, EditDraft, MessageDraft } from '../realtime/room-log';
import { newMessage } from './message-row';

/** A locked room's counters. */
export interface RoomCounters {
  id: number;
  lastSeq: number;
  lastMessageId: number;
  isActive: boolean;
}

/** What a batch found when the rooms had been locked, and what it leaves to be written. */
export interface BatchState {
  rooms: Map<number, RoomCounters>;
  /** Stored messages that the drafts concern, by `messageKey`. */
  messages: Map<string, Message>;
  /** Stored messages by `authorKey`. */
  byClientMsgId: Map<string, Message>;
  now: string;
}

export const messageKey = (roomId: number, messageId: number) => `${roomId}:${messageId}`;
export const authorKey = (roomId: number, userId: number | null, clientMsgId: string) =>
  `${roomId}:${userId}:${clientMsgId}`;

/**
 * Applies drafts, one after the other, to rooms that are locked: draws the numbers, refuses what cannot be, and
 * remembers which messages are new or changed. Pure: what it holds is written by `LogWriter` in one go.
 */
export class LogBatch {
  readonly inserted = new Set<Message>();
  readonly updated = new Set<Message>();

  constructor(private readonly state: BatchState) {}

  /** Rooms whose counters have moved. */
  readonly touchedRooms = new Set<RoomCounters>();

  apply(draft: Draft): Appended | ChatError {
    const room = this.state.rooms.get(draft.roomId);
    if (!room?.isActive)
      return new ChatError('room_not_found', { roomId: draft.roomId, outcome: 'not_stored' });
    switch (draft.kind) {
      case 'message':
        return this.send(room, draft);
      case 'edit':
        return this.edit(room, draft);
      case 'deletion':
        return this.delete(room, draft);
    }
  }

  private send(room: RoomCounters, draft: MessageDraft): Appended | ChatError {
    const name = draft.clientMsgId && authorKey(room.id, draft.userId, draft.clientMsgId);
    const stored = name && this.state.byClientMsgId.get(name);
    if (stored) {
      // The draft before this one may have changed it.
      const latest = this.state.messages.get(messageKey(room.id, stored.id)) ?? stored;
      return { message: { ...latest }, isDuplicate: true, changes: [] };
    }

    const parent =
      draft.replyToId === null ? null : this.state.messages.get(messageKey(room.id, draft.replyToId));
    if (parent === undefined) {
      return new ChatError('validation_failed', {
        outcome: 'not_stored',
        fields: [{ field: 'reply_to_id', message: 'must be a message of this room' }],
      });
    }
    const message = newMessage({
      id: ++room.lastMessageId,
      seq: 0,
      room_id: room.id,
      user_id: draft.userId,
      username: draft.username,
      content: draft.content,
      client_msg_id: draft.clientMsgId,
      reply_to_id: draft.replyToId,
      created_at: this.state.now,
    });
    this.inserted.add(message);
    this.state.messages.set(messageKey(room.id, message.id), message);
    if (name) this.state.byClientMsgId.set(name, message);

    const changes = [this.change(room, message, 'message')];
    if (parent) {
      parent.reply_count += 1;
      changes.push(this.change(room, parent));
    }
    return { message: changes[0]!.message, isDuplicate: false, changes };
  }

  private edit(room: RoomCounters, draft: EditDraft): Appended | ChatError {
    const message = this.state.messages.get(messageKey(room.id, draft.messageId));
    if (!message) return this.refusal('message_not_found', draft);
    if (message.user_id !== draft.userId || message.kind !== 'user') return this.refusal('forbidden', draft);
    if (message.deleted_at) return this.refusal('message_deleted', draft);
    if (message.content === draft.content) return this.unchanged(message);
    message.content = draft.content;
    message.edited_at = this.state.now;
    return this.changed(room, message);
  }

  private delete(room: RoomCounters, draft: DeletionDraft): Appended | ChatError {
    const message = this.state.messages.get(messageKey(room.id, draft.messageId));
    if (!message) return this.refusal('message_not_found', draft);
    const isOwn = message.user_id === draft.userId && message.kind === 'user';
    if (!isOwn && !draft.canModerate) return this.refusal('forbidden', draft);
    if (message.deleted_at) return this.unchanged(message);
    message.content = null;
    message.deleted_at = this.state.now;
    const appended = this.changed(room, message);
    const parent =
      message.reply_to_id !== null && this.state.messages.get(messageKey(room.id, message.reply_to_id));
    if (parent) {
      parent.reply_count -= 1;
      appended.changes.push(this.change(room, parent));
    }
    return appended;
  }

  private changed(room: RoomCounters, message: Message): Appended {
    const changes = [this.change(room, message)];
    return { message: changes[0]!.message, isDuplicate: false, changes };
  }

  private unchanged(message: Message): Appended {
    return { message: { ...message }, isDuplicate: false, changes: [] };
  }

  /** Gives the message the room's next number; the change keeps the state of this moment. */
  private change(room: RoomCounters, message: Message, type: Change['type'] = 'message_updated'): Change {
    message.seq = ++room.lastSeq;
    this.touchedRooms.add(room);
    if (!this.inserted.has(message)) this.updated.add(message);
    return { roomId: room.id, seq: message.seq, type, message: { ...message } };
  }

  private refusal(code: ChatError['code'], { roomId, messageId }: EditDraft | DeletionDraft): ChatError {
    return new ChatError(code, { roomId, messageId, outcome: 'not_stored' });
  }
}

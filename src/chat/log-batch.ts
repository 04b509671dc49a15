import { ChatError } from '../common/chat-error';
import type { AuditedAct } from '../moderation/audited-act';
import type { Message } from '../protocol/models';
import type {
  Appended,
  Change,
  DeletionDraft,
  Draft,
  EditDraft,
  MessageDraft,
  PinDraft,
  ReactionDraft,
} from '../realtime/room-log';
import { type AuthorFacts, AuthorRights, isOwn, NO_FACTS } from './author-rights';
import { BatchMentions } from './batch-mentions';
import {
  authorKey,
  type BatchLimits,
  type BatchState,
  type LockedRoomRow,
  messageKey,
  namedKey,
} from './batch-state';
import { newMessage } from './message-row';
import { react } from './reactions';
import { unknownParent } from './unknown-parent';

/** Messages with a target: all but new ones. */
type TargetedDraft = Exclude<Draft, MessageDraft>;

/**
 * Applies drafts, one after the other, to rooms that are locked: asks for the author's rights, draws the numbers,
 * and remembers which messages are new or changed. Pure: what it holds is written by `LogWriter` in one go.
 */
export class LogBatch {
  readonly inserted = new Set<Message>();
  readonly updated = new Set<Message>();
  /** Those of the updated that have other words now, or none. */
  readonly reworded = new Set<Message>();
  /** What moderators did. */
  readonly acts: AuditedAct[] = [];
  /** Rooms whose counters have moved. */
  readonly touchedRooms = new Set<LockedRoomRow>();
  /** Who sent a message in a room in slow mode. */
  readonly slowedAuthors: { roomId: number; userId: number }[] = [];
  readonly mentions: BatchMentions;
  /** Members who have read on by what they wrote, by `authorKey`. */
  readonly readers = new Map<string, { roomId: number; userId: number; lastReadId: number }>();
  private readonly now: number;

  constructor(
    private readonly state: BatchState,
    private readonly limits: BatchLimits,
  ) {
    this.mentions = new BatchMentions(state.mentionable, this.inserted);
    this.now = Date.parse(state.now);
  }

  apply(draft: Draft): Appended | ChatError {
    const room = this.state.rooms.get(draft.roomId);
    if (!room) return new ChatError('room_not_found', { roomId: draft.roomId, outcome: 'not_stored' });
    const author = this.state.authors.get(authorKey(room.id, draft.userId)) ?? NO_FACTS;
    const rights = new AuthorRights(room, author, this.now);
    const refusal = rights.entering(draft);
    if (refusal) return refusal;
    if (draft.kind === 'message') return this.send(room, author, rights, draft);

    const message = this.state.messages.get(messageKey(room.id, draft.messageId));
    if (!message) return refused('message_not_found', draft);
    switch (draft.kind) {
      case 'edit':
        return this.edit(room, rights, draft, message);
      case 'deletion':
        return this.delete(room, rights, draft, message);
      case 'reaction':
        return this.react(room, rights, draft, message);
      case 'pin':
        return this.pin(room, rights, draft, message);
    }
  }

  private send(
    room: LockedRoomRow,
    author: AuthorFacts,
    rights: AuthorRights,
    draft: MessageDraft,
  ): Appended | ChatError {
    const name = draft.clientMsgId && namedKey(room.id, draft.userId, draft.clientMsgId);
    const stored = name && this.state.byClientMsgId.get(name);
    if (stored) {
      // The draft before this one may have changed it.
      const latest = this.state.messages.get(messageKey(room.id, stored.id)) ?? stored;
      return { message: { ...latest }, isDuplicate: true, changes: [] };
    }
    const refusal = rights.sending(draft);
    if (refusal) return refusal;

    const parent =
      draft.replyToId === null ? null : this.state.messages.get(messageKey(room.id, draft.replyToId));
    if (parent === undefined) return unknownParent();
    const message = this.insert(room, {
      kind: 'user',
      user_id: draft.userId,
      username: draft.username,
      content: draft.content,
      client_msg_id: draft.clientMsgId,
      reply_to_id: draft.replyToId,
    });
    this.mentions.set(message, draft, rights);
    if (name) this.state.byClientMsgId.set(name, message);
    if (draft.isSlowed) {
      author.lastSentAt = this.now;
      this.slowedAuthors.push({ roomId: room.id, userId: draft.userId });
    }
    const changes = [this.change(room, message, 'message')];
    if (parent) {
      parent.reply_count += 1;
      changes.push(this.change(room, parent));
    }
    return { message: changes[0]!.message, isDuplicate: false, changes };
  }

  private edit(room: LockedRoomRow, rights: AuthorRights, draft: EditDraft, message: Message) {
    const refusal = rights.editing(draft, message) ?? refusedIfDeleted(draft, message);
    if (refusal) return refusal;
    if (message.content === draft.content) return unchanged(message);
    message.content = draft.content;
    this.mentions.set(message, draft, rights);
    message.edited_at = this.state.now;
    return this.reword(room, message);
  }

  private delete(room: LockedRoomRow, rights: AuthorRights, draft: DeletionDraft, message: Message) {
    const refusal = rights.deleting(draft, message);
    if (refusal) return refusal;
    if (message.deleted_at) return unchanged(message);
    if (!isOwn(draft, message)) this.acts.push(actOn('message.deleted', draft, message));
    if (message.pinned_at) room.pinnedCount -= 1;
    Object.assign(message, { content: null, reactions: [], pinned_at: null, deleted_at: this.state.now });
    this.mentions.clear(message);
    const appended = this.reword(room, message);
    const parent =
      message.reply_to_id !== null && this.state.messages.get(messageKey(room.id, message.reply_to_id));
    if (parent) {
      parent.reply_count -= 1;
      appended.changes.push(this.change(room, parent));
    }
    return appended;
  }

  private react(room: LockedRoomRow, rights: AuthorRights, draft: ReactionDraft, message: Message) {
    const refusal = rights.speaking(draft) ?? refusedIfDeleted(draft, message);
    if (refusal) return refusal;
    const reactions = react(message.reactions, draft);
    if (reactions === message.reactions) return unchanged(message);
    if (reactions.length > this.limits.reactionsMax) return refused('limit_reached', draft);
    message.reactions = reactions;
    return this.changed(room, message);
  }

  private pin(room: LockedRoomRow, rights: AuthorRights, draft: PinDraft, message: Message) {
    const refusal = rights.moderating(draft) ?? refusedIfDeleted(draft, message);
    if (refusal) return refusal;
    if ((message.pinned_at !== null) === draft.isOn) return unchanged(message);
    if (draft.isOn && room.pinnedCount >= this.limits.pinsMax) return refused('limit_reached', draft);
    room.pinnedCount += draft.isOn ? 1 : -1;
    message.pinned_at = draft.isOn ? this.state.now : null;
    this.acts.push(actOn(draft.isOn ? 'message.pinned' : 'message.unpinned', draft, message));
    const appended = this.changed(room, message);
    const notice = this.insert(room, {
      kind: 'system',
      user_id: draft.userId,
      username: draft.username,
      content: null,
      client_msg_id: null,
      reply_to_id: null,
      event: { type: draft.isOn ? 'message_pinned' : 'message_unpinned', message_id: message.id },
    });
    appended.changes.push(this.change(room, notice, 'message'));
    return appended;
  }

  private insert(
    room: LockedRoomRow,
    fields: Omit<Parameters<typeof newMessage>[0], 'id' | 'seq' | 'room_id' | 'created_at'>,
  ): Message {
    const message = newMessage({
      ...fields,
      id: ++room.lastMessageId,
      seq: 0,
      room_id: room.id,
      created_at: this.state.now,
    });
    this.inserted.add(message);
    this.state.messages.set(messageKey(room.id, message.id), message);
    this.readOwn(message);
    return message;
  }

  /** Authors who had read everything have read what they wrote. */
  private readOwn({ room_id: roomId, user_id: userId, id }: Message): void {
    const key = authorKey(roomId, userId!);
    const author = this.state.authors.get(key);
    if (!author?.role || author.lastReadId !== id - 1) return;
    author.lastReadId = id;
    this.readers.set(key, { roomId, userId: userId!, lastReadId: id });
  }

  private reword(room: LockedRoomRow, message: Message): Appended {
    if (!this.inserted.has(message)) this.reworded.add(message);
    return this.changed(room, message);
  }

  private changed(room: LockedRoomRow, message: Message): Appended {
    const changes = [this.change(room, message)];
    return { message: changes[0]!.message, isDuplicate: false, changes };
  }

  /** Gives the message the room's next number; the change keeps the state of this moment. */
  private change(room: LockedRoomRow, message: Message, type: Change['type'] = 'message_updated'): Change {
    message.seq = ++room.lastSeq;
    this.touchedRooms.add(room);
    if (!this.inserted.has(message)) this.updated.add(message);
    return { roomId: room.id, seq: message.seq, type, message: { ...message } };
  }
}

function unchanged(message: Message): Appended {
  return { message: { ...message }, isDuplicate: false, changes: [] };
}

function refusedIfDeleted(draft: TargetedDraft, message: Message): ChatError | null {
  return message.deleted_at ? refused('message_deleted', draft) : null;
}

function refused(code: ChatError['code'], { roomId, messageId }: TargetedDraft): ChatError {
  return new ChatError(code, { roomId, messageId, outcome: 'not_stored' });
}

/** What somebody does to a message by being a moderator. */
function actOn(
  action: AuditedAct['action'],
  { roomId, messageId, userId }: TargetedDraft,
  { user_id }: Message,
): AuditedAct {
  return { action, actorId: userId, targetUserId: user_id, roomId, messageId };
}

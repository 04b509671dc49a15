import { ChatError } from '../../src/common/chat-error';
import type { ErrorCode } from '../../src/protocol/error-codes';
import type { ChangesPage, HistoryPage, Message } from '../../src/protocol/models';
import {
  type Appended,
  type Change,
  type DeletionDraft,
  type Draft,
  type EditDraft,
  type LogTails,
  type MessageDraft,
  type PinDraft,
  type ReactionDraft,
  RoomLog,
} from '../../src/realtime/room-log';
import { react } from '../../src/chat/reactions';
import { aMessage } from './a-message';
import { Gate } from './gate';

interface Room {
  id: number;
  isActive: boolean;
  /** By id: the message `n` stands at `n - 1`. Never changed in place. */
  messages: Message[];
  /** Every change since the room began: the one numbered `n` stands at `n - 1`. */
  history: Change[];
}

/** The log of rooms in memory, with gates at which its reads and appends can be held up, or fail. */
export class FakeRoomLog extends RoomLog {
  epoch = 'first-life';
  readonly reads = new Gate();
  readonly appends = new Gate();
  readonly sweeps = new Gate();
  private readonly rooms = new Map<number, Room>();

  constructor(...roomIds: number[]) {
    super();
    for (const id of roomIds) this.addRoom(id);
  }

  addRoom(id: number): void {
    this.rooms.set(id, { id, isActive: true, messages: [], history: [] });
  }

  closeRoom(id: number): void {
    this.roomOf(id).isActive = false;
  }

  /** Empties a room, as an older backup would. */
  forget(id: number): void {
    this.addRoom(id);
  }

  append(drafts: readonly Draft[]): Promise<(Appended | ChatError)[]> {
    return this.appends.pass(() => drafts.map((draft) => this.store(draft)));
  }

  /** Stores drafts at once, past the gate; gives the changes. Throws at a draft that cannot be stored. */
  commit(...drafts: Draft[]): Change[] {
    return drafts.flatMap((draft) => {
      const result = this.store(draft);
      if (result instanceof ChatError) throw result;
      return result.changes;
    });
  }

  changesAfter(roomId: number, seq: number, limit: number): Promise<ChangesPage> {
    return this.reads.pass(() => {
      const { messages, history } = this.roomOf(roomId);
      const changed = messages.filter((message) => message.seq > seq).sort((a, b) => a.seq - b.seq);
      const page = changed.slice(0, limit);
      const hasMore = changed.length > limit;
      const lastSeq = hasMore ? page.at(-1)!.seq : history.length;
      return { messages: page, last_seq: lastSeq, epoch: this.epoch, has_more: hasMore };
    });
  }

  movedOn(positions: ReadonlyMap<number, number>): Promise<LogTails> {
    return this.sweeps.pass(() => {
      const ends = [...positions.keys()].map((roomId) => [roomId, this.end(roomId)] as const);
      const moved = ends.filter(([roomId, end]) => end !== positions.get(roomId));
      return { epoch: this.epoch, lastSeqs: new Map(moved) };
    });
  }

  recent(roomId: number, limit: number): Promise<HistoryPage> {
    return this.reads.pass(() => {
      const { messages, history } = this.roomOf(roomId);
      const page = messages.slice(-limit);
      const hasMore = messages.length > limit;
      return {
        messages: page,
        has_more: hasMore,
        next_cursor: hasMore ? page[0]!.id : null,
        last_seq: history.length,
        epoch: this.epoch,
      };
    });
  }

  /** The room's last `seq`. */
  end(roomId: number): number {
    return this.roomOf(roomId).history.length;
  }

  /** Every message of the room by id, as it stood after `seq`; by default as it stands. */
  stateAt(roomId: number, seq = Infinity): Map<number, Message> {
    const changes = this.roomOf(roomId).history.filter((change) => change.seq <= seq);
    return new Map(changes.map(({ message }) => [message.id, message]));
  }

  private store(draft: Draft): Appended | ChatError {
    const room = this.rooms.get(draft.roomId);
    if (!room?.isActive) return refusal('room_not_found', draft);
    if (draft.kind === 'message') return this.send(room, draft);
    const message = room.messages[draft.messageId - 1];
    if (!message) return refusal('message_not_found', draft);
    switch (draft.kind) {
      case 'edit':
        return this.edit(room, message, draft);
      case 'deletion':
        return this.delete(room, message, draft);
      case 'reaction':
        return this.react(room, message, draft);
      case 'pin':
        return this.pin(room, message, draft);
    }
  }

  private send(room: Room, draft: MessageDraft): Appended | ChatError {
    const { clientMsgId, userId, replyToId, content } = draft;
    const stored = room.messages.find(
      ({ user_id, client_msg_id }) =>
        clientMsgId !== null && user_id === userId && client_msg_id === clientMsgId,
    );
    if (stored) return { message: stored, isDuplicate: true, changes: [] };
    if (replyToId !== null && !room.messages[replyToId - 1]) return refusal('validation_failed', draft);
    if (content.includes('\0')) return refusal('internal_error', draft);

    const message = aMessage({
      id: room.messages.length + 1,
      room_id: room.id,
      user_id: userId,
      username: draft.username,
      content,
      client_msg_id: clientMsgId,
      reply_to_id: replyToId,
      created_at: timeOf(room),
      ...mentionsOf(draft),
    });
    const changes = [this.write(room, message, 'message')];
    if (replyToId !== null) changes.push(this.countReply(room, replyToId, 1));
    return appended(changes);
  }

  private edit(room: Room, message: Message, draft: EditDraft): Appended | ChatError {
    if (message.user_id !== draft.userId) return refusal('forbidden', draft);
    if (message.deleted_at) return refusal('message_deleted', draft);
    if (message.content === draft.content) return { message, isDuplicate: false, changes: [] };
    const { mentions_room: _, ...edited } = { ...message, content: draft.content, edited_at: timeOf(room) };
    return appended([this.write(room, { ...edited, ...mentionsOf(draft) })]);
  }

  private delete(room: Room, message: Message, draft: DeletionDraft): Appended | ChatError {
    if (message.user_id !== draft.userId && !draft.isAdmin) return refusal('forbidden', draft);
    if (message.deleted_at) return { message, isDuplicate: false, changes: [] };
    const { mentions_room: _, ...emptied } = message;
    const changes = [
      this.write(room, {
        ...emptied,
        content: null,
        mentions: [],
        reactions: [],
        pinned_at: null,
        deleted_at: timeOf(room),
      }),
    ];
    if (message.reply_to_id !== null) changes.push(this.countReply(room, message.reply_to_id, -1));
    return appended(changes);
  }

  private react(room: Room, message: Message, draft: ReactionDraft): Appended | ChatError {
    if (message.deleted_at) return refusal('message_deleted', draft);
    const reactions = react(message.reactions, draft);
    if (reactions === message.reactions) return { message, isDuplicate: false, changes: [] };
    return appended([this.write(room, { ...message, reactions })]);
  }

  private pin(room: Room, message: Message, draft: PinDraft): Appended | ChatError {
    if (!draft.isAdmin) return refusal('forbidden', draft);
    if (message.deleted_at) return refusal('message_deleted', draft);
    if ((message.pinned_at !== null) === draft.isOn) return { message, isDuplicate: false, changes: [] };
    const pinned = this.write(room, { ...message, pinned_at: draft.isOn ? timeOf(room) : null });
    const notice = aMessage({
      id: room.messages.length + 1,
      room_id: room.id,
      kind: 'system',
      user_id: draft.userId,
      username: draft.username,
      content: null,
      event: { type: draft.isOn ? 'message_pinned' : 'message_unpinned', message_id: message.id },
      created_at: timeOf(room),
    });
    return appended([pinned, this.write(room, notice, 'message')]);
  }

  private countReply(room: Room, parentId: number, by: number): Change {
    const parent = room.messages[parentId - 1]!;
    return this.write(room, { ...parent, reply_count: parent.reply_count + by });
  }

  private write(room: Room, state: Message, type: Change['type'] = 'message_updated'): Change {
    const message = { ...state, seq: room.history.length + 1 };
    const change = { roomId: room.id, seq: message.seq, type, message };
    room.messages[message.id - 1] = message;
    room.history.push(change);
    return change;
  }

  private roomOf(id: number): Room {
    const room = this.rooms.get(id);
    if (!room) throw new ChatError('room_not_found');
    return room;
  }
}

function appended(changes: Change[]): Appended {
  return { message: changes[0]!.message, isDuplicate: false, changes };
}

/** Rights never change here, so whom a draft mentions may be mentioned. */
function mentionsOf({ mentions }: MessageDraft | EditDraft): Pick<Message, 'mentions' | 'mentions_room'> {
  return { mentions: [...(mentions?.userIds ?? [])], ...(mentions?.room && { mentions_room: true }) };
}

function refusal(code: ErrorCode, { roomId }: Draft): ChatError {
  return new ChatError(code, { roomId, outcome: 'not_stored' });
}

/** Grows with the log. */
function timeOf(room: Room): string {
  return new Date(Date.UTC(2026, 0, 1) + room.history.length).toISOString();
}

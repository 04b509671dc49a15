import type { Message } from '../../src/protocol/models';
import type {
  Change,
  DeletionDraft,
  EditDraft,
  MessageDraft,
  PinDraft,
  ReactionDraft,
} from '../../src/realtime/room-log';

/** A message of Ada's in room 1, the room's first. */
export function aMessage(fields: Partial<Message> = {}): Message {
  const id = fields.id ?? 1;
  return {
    id,
    seq: id,
    kind: 'user',
    room_id: 1,
    user_id: 1,
    username: 'Ada',
    content: `message ${id}`,
    client_msg_id: null,
    reply_to_id: null,
    reply_count: 0,
    mentions: [],
    reactions: [],
    pinned_at: null,
    created_at: '2026-01-01T00:00:00.000Z',
    edited_at: null,
    deleted_at: null,
    ...fields,
  };
}

/** The messages with the ids (and the `seq`s) `from` to `to`. */
export function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aMessage({ id: from + index }));
}

/** A new message as it is announced. */
export function aChange(fields: Partial<Message> = {}): Change {
  const message = aMessage(fields);
  return { roomId: message.room_id, seq: message.seq, type: 'message', message };
}

/** A changed message as it is announced. */
export function anUpdate(fields: Partial<Message>): Change {
  return { ...aChange(fields), type: 'message_updated' };
}

/** New messages, numbered `from` to `to`, as they are announced. */
export function changes(from: number, to: number): Change[] {
  return messages(from, to).map((message) => aChange(message));
}

const ADA = { roomId: 1, userId: 1, isAdmin: false, accessVersion: 0 };

/** What Ada would say in room 1. */
export function aDraft(fields: Partial<MessageDraft> = {}): MessageDraft {
  return {
    kind: 'message',
    ...ADA,
    username: 'Ada',
    isSlowed: false,
    content: 'hello',
    mentions: null,
    clientMsgId: null,
    replyToId: null,
    ...fields,
  };
}

/** Ada's second thoughts about the first message of room 1. */
export function anEdit(fields: Partial<EditDraft> = {}): EditDraft {
  return { kind: 'edit', ...ADA, messageId: 1, content: 'hello again', mentions: null, ...fields };
}

/** Ada takes back the first message of room 1. */
export function aDeletion(fields: Partial<DeletionDraft> = {}): DeletionDraft {
  return { kind: 'deletion', ...ADA, messageId: 1, ...fields };
}

/** Ada likes the first message of room 1. */
export function aReaction(fields: Partial<ReactionDraft> = {}): ReactionDraft {
  return { kind: 'reaction', ...ADA, messageId: 1, emoji: '👍', isOn: true, ...fields };
}

/** Ada, who may, pins the first message of room 1. */
export function aPin(fields: Partial<PinDraft> = {}): PinDraft {
  return { kind: 'pin', ...ADA, isAdmin: true, username: 'Ada', messageId: 1, isOn: true, ...fields };
}

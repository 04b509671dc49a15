import { authorKey, type BatchState, LogBatch, messageKey } from '../../src/chat/log-batch';
import { ChatError } from '../../src/common/chat-error';
import type { Message } from '../../src/protocol/models';
import type { Appended, Draft } from '../../src/realtime/room-log';

/** The time of every batch. */
export const NOW = '2026-02-02T00:00:00.000Z';

/**
 * Room 1 with ten messages stored and twelve changes so far, room 2 that is empty and room 3 that is closed; and the
 * stored messages that the drafts concern.
 */
export function aState(...stored: Message[]): BatchState {
  const named = stored.filter(({ client_msg_id }) => client_msg_id !== null);
  return {
    rooms: new Map([
      [1, { id: 1, lastSeq: 12, lastMessageId: 10, isActive: true }],
      [2, { id: 2, lastSeq: 0, lastMessageId: 0, isActive: true }],
      [3, { id: 3, lastSeq: 0, lastMessageId: 0, isActive: false }],
    ]),
    messages: new Map(stored.map((message) => [messageKey(message.room_id, message.id), message])),
    byClientMsgId: new Map(
      // Read by a statement of its own: equal, but not the same objects.
      named.map((message) => [
        authorKey(message.room_id, message.user_id, message.client_msg_id!),
        { ...message },
      ]),
    ),
    now: NOW,
  };
}

/** Applies drafts as one batch. */
export function apply(state: BatchState, ...drafts: Draft[]) {
  const batch = new LogBatch(state);
  return { batch, results: drafts.map((draft) => batch.apply(draft)) };
}

/** For each result its changes as `id@seq`, or the code of the refusal. */
export function changesOf(results: (Appended | ChatError)[]): string[] {
  return results.map((result) =>
    result instanceof ChatError
      ? result.code
      : result.changes.map(({ seq, message }) => `${message.id}@${seq}`).join(' '),
  );
}

export function messageOf(result: Appended | ChatError | undefined): Message {
  if (!result || result instanceof ChatError) throw new Error('there is no message');
  return result.message;
}

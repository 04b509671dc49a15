import { type AuthorFacts, NO_FACTS } from '../../src/chat/author-rights';
import {
  authorKey,
  type BatchState,
  type LockedRoomRow,
  messageKey,
  namedKey,
} from '../../src/chat/batch-state';
import { LogBatch } from '../../src/chat/log-batch';
import { ChatError } from '../../src/common/chat-error';
import type { Message } from '../../src/protocol/models';
import type { Appended, Draft } from '../../src/realtime/room-log';

/** The time of every batch. */
export const NOW = '2026-02-02T00:00:00.000Z';

/**
 * Room 1 with ten messages stored and twelve changes so far, room 2 that is empty and room 3 that is closed; and the
 * stored messages that the drafts concern. The users 1, 2 and 7 are plain members everywhere.
 */
export function aState(...stored: Message[]): BatchState {
  const named = stored.filter(({ client_msg_id }) => client_msg_id !== null);
  return {
    rooms: new Map([
      [1, aRoom({ id: 1, lastSeq: 12, lastMessageId: 10 })],
      [2, aRoom({ id: 2 })],
      [3, aRoom({ id: 3, isActive: false })],
    ]),
    authors: new Map([1, 2, 7].flatMap((userId) => [1, 2, 3].map((roomId) => aMember(roomId, userId)))),
    messages: new Map(stored.map((message) => [messageKey(message.room_id, message.id), message])),
    byClientMsgId: new Map(
      // Read by a statement of its own: equal, but not the same objects.
      named.map((message) => [
        namedKey(message.room_id, message.user_id, message.client_msg_id!),
        { ...message },
      ]),
    ),
    mentionable: new Set([1, 2, 7].flatMap((userId) => [1, 2, 3].map((roomId) => authorKey(roomId, userId)))),
    now: NOW,
  };
}

/** A public room without a message. */
export function aRoom(fields: Partial<LockedRoomRow>): LockedRoomRow {
  return {
    id: 1,
    lastSeq: 0,
    lastMessageId: 0,
    pinnedCount: 0,
    isActive: true,
    visibility: 'public',
    slowModeSeconds: 0,
    ...fields,
  };
}

/** What the log knows of a plain member, as an entry of `BatchState.authors`. */
export function aMember(
  roomId: number,
  userId: number,
  facts: Partial<AuthorFacts> = {},
): [string, AuthorFacts] {
  return [authorKey(roomId, userId), { ...NO_FACTS, role: 'member', ...facts }];
}

/** Applies drafts as one batch. */
export function apply(state: BatchState, ...drafts: Draft[]) {
  const batch = new LogBatch(state, { reactionsMax: 2, pinsMax: 1 });
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

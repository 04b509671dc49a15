import type { ClientBase } from 'pg';
import { insertActs } from '../moderation/audited-act';
import type { Message } from '../protocol/models';
import type { Appended, Draft, MessageDraft } from '../realtime/room-log';
import type { AuthorFacts } from './author-rights';
import { authorKey, type BatchState, type LockedRoomRow, messageKey, namedKey } from './batch-state';
import type { BatchMentions } from './batch-mentions';
import { insertPlain, type RoomTail, toAppended } from './insert-plain';
import type { LogBatch } from './log-batch';
import {
  COUNT_PINS,
  DELETE_MENTIONS,
  FIND_AUTHORS,
  FIND_BY_CLIENT_MSG_ID,
  FIND_LOCKED_ROOMS,
  FIND_MENTIONABLE,
  FIND_WITH_PARENTS,
  INSERT_MENTIONS,
  INSERT_NUMBERED,
  LOCK_ROOMS,
  MARK_READ,
  MARK_SLOWED,
  NOTE_REWORDED,
  NOW,
  UPDATE_CHANGED,
  UPDATE_ROOMS,
} from './log-statements';
import { INSERTED, pluck, toColumns, UPDATED } from './message-columns';
import { type RoomsMessageRow, toRoomsMessage } from './message-row';

/** The SQL of the log's appends, on a connection that nobody else uses. */
export class LogWriter {
  constructor(private readonly client: ClientBase) {}

  /**
   * Stores new messages that answer none. Gives the stored ones in the order of the drafts, null for those left out:
   * their room is closed or absent, or their author's rights have to be looked up. Fails as a whole with a unique
   * violation if one of them had been stored before.
   */
  async insertPlain(drafts: readonly MessageDraft[]): Promise<(Appended | null)[]> {
    const { rows } = await this.client.query<RoomTail>(insertPlain(drafts));
    return toAppended(drafts, rows);
  }

  /** Those of the rooms that somebody else has locked at this moment. */
  async findLocked(roomIds: readonly number[]): Promise<number[]> {
    const { rows } = await this.client.query<{ id: number }>({ ...FIND_LOCKED_ROOMS, values: [roomIds] });
    return pluck(rows, 'id');
  }

  /**
   * Locks the rooms of the drafts and reads what the drafts concern. Reading comes after the lock and in statements of
   * its own: only then does it see what the lock's last holder committed.
   */
  async lock(drafts: readonly Draft[]): Promise<BatchState> {
    const roomIds = [...new Set(pluck(drafts, 'roomId'))];
    const rooms = await this.client.query<LockedRoomRow>({ ...LOCK_ROOMS, values: [roomIds] });
    const now = await this.client.query<{ now: string }>(NOW);
    const authors = await this.client.query<AuthorFacts & { room_id: number; user_id: number }>({
      ...FIND_AUTHORS,
      values: [pluck(drafts, 'roomId'), pluck(drafts, 'userId')],
    });
    const pins = await this.countPins(drafts);
    const mentionable = await this.findMentionable(drafts);
    const named = drafts
      .filter((draft) => draft.kind === 'message')
      .filter((draft) => draft.clientMsgId !== null);
    const concerned = drafts.flatMap((draft) => {
      const messageId = draft.kind === 'message' ? draft.replyToId : draft.messageId;
      return messageId === null ? [] : [{ roomId: draft.roomId, messageId }];
    });
    const stored = await this.find(FIND_BY_CLIENT_MSG_ID, [
      pluck(named, 'roomId'),
      pluck(named, 'userId'),
      pluck(named, 'clientMsgId'),
    ]);
    const messages = await this.find(FIND_WITH_PARENTS, [
      pluck(concerned, 'roomId'),
      pluck(concerned, 'messageId'),
    ]);
    return {
      rooms: new Map(rooms.rows.map((room) => [room.id, { ...room, pinnedCount: pins.get(room.id) ?? 0 }])),
      authors: new Map(
        authors.rows.map(({ room_id, user_id, ...facts }) => [authorKey(room_id, user_id), facts]),
      ),
      messages: new Map(messages.map((message) => [messageKey(message.room_id, message.id), message])),
      byClientMsgId: new Map(
        stored.map((message) => [
          namedKey(message.room_id, message.user_id, message.client_msg_id!),
          message,
        ]),
      ),
      mentionable,
      now: now.rows[0]!.now,
    };
  }

  /** Writes what the batch has changed, rooms last. */
  async write(batch: LogBatch, now: string): Promise<void> {
    const inserted = [...batch.inserted].map(toColumns);
    const updated = [...batch.updated].map(toColumns);
    const rooms = [...batch.touchedRooms];
    if (inserted.length > 0) {
      await this.client.query({ ...INSERT_NUMBERED, values: INSERTED.map((key) => pluck(inserted, key)) });
    }
    if (updated.length > 0) {
      await this.client.query({ ...UPDATE_CHANGED, values: UPDATED.map((key) => pluck(updated, key)) });
    }
    if (batch.reworded.size > 0) {
      const reworded = [...batch.reworded];
      await this.client.query({
        ...NOTE_REWORDED,
        values: [pluck(reworded, 'room_id'), pluck(reworded, 'id')],
      });
    }
    await this.writeMentions(batch.mentions);
    const readers = [...batch.readers.values()];
    if (readers.length > 0) {
      const keys = ['roomId', 'userId', 'lastReadId'] as const;
      await this.client.query({ ...MARK_READ, values: keys.map((key) => pluck(readers, key)) });
    }
    if (batch.slowedAuthors.length > 0) {
      const authors = batch.slowedAuthors;
      await this.client.query({
        ...MARK_SLOWED,
        values: [pluck(authors, 'roomId'), pluck(authors, 'userId'), now],
      });
    }
    if (batch.acts.length > 0) await this.client.query(insertActs(batch.acts));
    if (rooms.length > 0) {
      const keys = ['id', 'lastSeq', 'lastMessageId'] as const;
      await this.client.query({ ...UPDATE_ROOMS, values: [...keys.map((key) => pluck(rooms, key)), now] });
    }
  }

  private async writeMentions({ deleted, inserted }: BatchMentions): Promise<void> {
    if (deleted.length > 0) {
      const keys = ['roomId', 'userId', 'messageId'] as const;
      await this.client.query({ ...DELETE_MENTIONS, values: keys.map((key) => pluck(deleted, key)) });
    }
    if (inserted.length > 0) {
      const keys = ['roomId', 'userId', 'messageId', 'authorId'] as const;
      await this.client.query({ ...INSERT_MENTIONS, values: keys.map((key) => pluck(inserted, key)) });
    }
  }

  private async findMentionable(drafts: readonly Draft[]): Promise<Set<string>> {
    const named = drafts.flatMap((draft) => {
      const userIds = 'mentions' in draft && draft.mentions ? draft.mentions.userIds : [];
      return userIds.map((userId) => ({ roomId: draft.roomId, userId }));
    });
    if (named.length === 0) return new Set();
    const { rows } = await this.client.query<{ room_id: number; user_id: number }>({
      ...FIND_MENTIONABLE,
      values: [pluck(named, 'roomId'), pluck(named, 'userId')],
    });
    return new Set(rows.map(({ room_id, user_id }) => authorKey(room_id, user_id)));
  }

  private async countPins(drafts: readonly Draft[]): Promise<Map<number, number>> {
    const roomIds = drafts.filter(({ kind }) => kind === 'pin').map(({ roomId }) => roomId);
    if (roomIds.length === 0) return new Map();
    const { rows } = await this.client.query<{ room_id: number; n: number }>({
      ...COUNT_PINS,
      values: [roomIds],
    });
    return new Map(rows.map(({ room_id, n }) => [room_id, n]));
  }

  private async find(query: { name: string; text: string }, values: unknown[][]): Promise<Message[]> {
    if (values[0]!.length === 0) return [];
    const { rows } = await this.client.query<RoomsMessageRow>({ ...query, values, rowMode: 'array' });
    return rows.map(toRoomsMessage);
  }
}

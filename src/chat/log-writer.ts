import type { ClientBase } from 'pg';
import type { Message } from '../protocol/models';
import type { Appended, Draft, MessageDraft } from '../realtime/room-log';
import { authorKey, type BatchState, LogBatch, messageKey, type RoomCounters } from './log-batch';
import {
  isoText,
  MESSAGE_AUTHOR,
  MESSAGE_COLUMNS,
  type MessageRow,
  newMessage,
  toMessage,
} from './message-row';

/**
 * Stores new messages of any rooms in one statement, which is one transaction: locks their rooms in id order, moves
 * the counters, numbers the drafts in their order. The time is read behind the lock, so it grows with the ids.
 */
const INSERT_PLAIN = {
  name: 'log-insert-plain',
  text: `
    WITH draft AS (
      SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[])
        WITH ORDINALITY AS d (room_id, user_id, content, client_msg_id, n)
    ), locked AS MATERIALIZED (
      SELECT id FROM rooms WHERE id = ANY ($1::int[]) AND is_active ORDER BY id FOR NO KEY UPDATE
    ), counted AS (
      UPDATE rooms r
      SET last_seq = r.last_seq + c.n, last_message_id = r.last_message_id + c.n, last_message_at = clock_timestamp()
      FROM (SELECT d.room_id, count(*) AS n FROM draft d JOIN locked l ON l.id = d.room_id GROUP BY d.room_id) c
      WHERE r.id = c.room_id
      RETURNING r.id, r.last_seq - c.n AS seq, r.last_message_id - c.n AS message_id, r.last_message_at AS at
    ), numbered AS (
      SELECT d.*, row_number() OVER (PARTITION BY d.room_id ORDER BY d.n) AS k FROM draft d
    )
    INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, created_at)
    SELECT d.room_id, c.message_id + d.k, c.seq + d.k, d.user_id, d.content, d.client_msg_id, c.at
    FROM numbered d JOIN counted c ON c.id = d.room_id
    RETURNING room_id, id, seq, ${isoText('created_at')} AS created_at`,
};

const LOCK_ROOMS = {
  name: 'log-lock-rooms',
  text: `
    SELECT id, last_seq AS "lastSeq", last_message_id AS "lastMessageId", is_active AS "isActive"
    FROM rooms WHERE id = ANY ($1::int[]) ORDER BY id FOR NO KEY UPDATE`,
};

/** Asks without waiting, and lets go at once. */
const FIND_LOCKED_ROOMS = {
  name: 'log-find-locked-rooms',
  text: `
    WITH free AS MATERIALIZED (
      SELECT id FROM rooms WHERE id = ANY ($1::int[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT id FROM rooms WHERE id = ANY ($1::int[]) AND id NOT IN (SELECT id FROM free)`,
};

const NOW = { name: 'log-now', text: `SELECT ${isoText('clock_timestamp()')} AS now` };

const FIND_BY_CLIENT_MSG_ID = {
  name: 'log-find-by-client-msg-id',
  text: `
    SELECT ${MESSAGE_COLUMNS}
    FROM unnest($1::int[], $2::int[], $3::text[]) AS k (room_id, user_id, client_msg_id)
    JOIN messages m USING (room_id, user_id, client_msg_id) ${MESSAGE_AUTHOR}`,
};

/** The messages, and those that they answer. */
const FIND_WITH_PARENTS = {
  name: 'log-find-with-parents',
  text: `
    WITH wanted AS (
      SELECT m.room_id, m.id, m.reply_to_id
      FROM unnest($1::int[], $2::bigint[]) AS k (room_id, id) JOIN messages m USING (room_id, id)
    )
    SELECT ${MESSAGE_COLUMNS}
    FROM (SELECT room_id, id FROM wanted UNION SELECT room_id, reply_to_id FROM wanted) k
    JOIN messages m USING (room_id, id) ${MESSAGE_AUTHOR}`,
};

const INSERT_NUMBERED = {
  name: 'log-insert-numbered',
  text: `
    INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, reply_to_id, reply_count, created_at,
      edited_at, deleted_at)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::bigint[],
      $8::int[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])`,
};

const UPDATE_CHANGED = {
  name: 'log-update-changed',
  text: `
    UPDATE messages m
    SET seq = c.seq, content = c.content, reply_count = c.reply_count, edited_at = c.edited_at, deleted_at = c.deleted_at
    FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[])
      AS c (room_id, id, seq, content, reply_count, edited_at, deleted_at)
    WHERE m.room_id = c.room_id AND m.id = c.id`,
};

const UPDATE_ROOMS = {
  name: 'log-update-rooms',
  text: `
    UPDATE rooms r
    SET last_seq = c.last_seq, last_message_id = c.last_message_id,
        last_message_at = CASE WHEN c.last_message_id > r.last_message_id THEN $4::timestamptz ELSE r.last_message_at END
    FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS c (id, last_seq, last_message_id)
    WHERE r.id = c.id`,
};

const pluck = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key): Row[Key][] =>
  rows.map((row) => row[key]);

/** The SQL of the log's appends, on a connection that nobody else uses. */
export class LogWriter {
  constructor(private readonly client: ClientBase) {}

  /**
   * Stores new messages that answer none. Gives the stored ones in the order of the drafts, null for those whose room
   * is closed or absent. Fails as a whole with a unique violation if one of them had been stored before.
   */
  async insertPlain(drafts: readonly MessageDraft[]): Promise<(Appended | null)[]> {
    const { rows } = await this.client.query<Pick<MessageRow, 'room_id' | 'id' | 'seq' | 'created_at'>>({
      ...INSERT_PLAIN,
      values: [
        pluck(drafts, 'roomId'),
        pluck(drafts, 'userId'),
        pluck(drafts, 'content'),
        pluck(drafts, 'clientMsgId'),
      ],
    });
    const byRoom = new Map<number, typeof rows>();
    for (const row of rows.sort((a, b) => a.id - b.id)) {
      const ofRoom = byRoom.get(row.room_id);
      if (ofRoom) ofRoom.push(row);
      else byRoom.set(row.room_id, [row]);
    }
    const taken = new Map<number, number>();
    return drafts.map((draft) => {
      const index = taken.get(draft.roomId) ?? 0;
      const row = byRoom.get(draft.roomId)?.[index];
      if (!row) return null;
      taken.set(draft.roomId, index + 1);
      const message = newMessage({
        ...row,
        user_id: draft.userId,
        username: draft.username,
        content: draft.content,
        client_msg_id: draft.clientMsgId,
        reply_to_id: null,
      });
      const change = { roomId: draft.roomId, seq: row.seq, type: 'message' as const, message };
      return { message, isDuplicate: false, changes: [change] };
    });
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
    const rooms = await this.client.query<RoomCounters>({
      ...LOCK_ROOMS,
      values: [[...new Set(pluck(drafts, 'roomId'))]],
    });
    const now = await this.client.query<{ now: string }>(NOW);
    const sent = drafts.filter((draft) => draft.kind === 'message');
    const named = sent.filter(({ clientMsgId }) => clientMsgId !== null);
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
      rooms: new Map(rooms.rows.map((room) => [room.id, room])),
      messages: new Map(messages.map((message) => [messageKey(message.room_id, message.id), message])),
      byClientMsgId: new Map(
        stored.map((message) => [
          authorKey(message.room_id, message.user_id, message.client_msg_id!),
          message,
        ]),
      ),
      now: now.rows[0]!.now,
    };
  }

  /** Writes what the batch has changed, rooms last. */
  async write(batch: LogBatch, now: string): Promise<void> {
    const inserted = [...batch.inserted];
    const updated = [...batch.updated];
    const rooms = [...batch.touchedRooms];
    if (inserted.length > 0) {
      const keys = [
        'room_id',
        'id',
        'seq',
        'user_id',
        'content',
        'client_msg_id',
        'reply_to_id',
        'reply_count',
      ] as const;
      const times = ['created_at', 'edited_at', 'deleted_at'] as const;
      await this.client.query({
        ...INSERT_NUMBERED,
        values: [...keys, ...times].map((key) => pluck(inserted, key)),
      });
    }
    if (updated.length > 0) {
      const keys = ['room_id', 'id', 'seq', 'content', 'reply_count', 'edited_at', 'deleted_at'] as const;
      await this.client.query({ ...UPDATE_CHANGED, values: keys.map((key) => pluck(updated, key)) });
    }
    if (rooms.length > 0) {
      const keys = ['id', 'lastSeq', 'lastMessageId'] as const;
      await this.client.query({ ...UPDATE_ROOMS, values: [...keys.map((key) => pluck(rooms, key)), now] });
    }
  }

  private async find(query: { name: string; text: string }, values: unknown[][]): Promise<Message[]> {
    if (values[0]!.length === 0) return [];
    const { rows } = await this.client.query<MessageRow>({ ...query, values });
    return rows.map(toMessage);
  }
}

import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import { runForRows } from '../database/run-statement';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';
import type { LogTails } from '../realtime/room-log';
import {
  firstOf,
  type LogPage,
  LogPages,
  type PageRow,
  POSITION_COLUMNS,
  toPage,
  withAuthors,
} from './log-pages';
import {
  MESSAGE_AUTHOR,
  MESSAGE_COLUMNS,
  type MessageRow,
  type RoomsMessageRow,
  toMessage,
  toRoomsMessage,
} from './message-row';

/** Which part of a room's history is asked for: at most one of `cursor`, `after` and `around`; without any, the newest. */
export interface HistoryQuery {
  /** Messages with an id below it. */
  cursor?: number;
  /** Messages with an id above it. */
  after?: number;
  /** Messages centred on it. */
  around?: number;
  limit: number;
}

/** A message and its replies, or those of them behind `after`. */
export interface ThreadQuery {
  thread: number;
  after?: number;
  limit: number;
}

/** JSON carries no higher id exactly; ids below it are all ids. */
const BEYOND_ALL = Number.MAX_SAFE_INTEGER;

const FIELDS = `SELECT ${MESSAGE_COLUMNS} FROM messages m ${MESSAGE_AUTHOR}`;
const OF_ROOMS = `SELECT ${MESSAGE_COLUMNS}, m.room_id FROM messages m ${MESSAGE_AUTHOR}`;

/** The messages that `page` selects, together with the position they are read at: one statement is one snapshot. */
const atPosition = (page: string) => `
  SELECT p.*, NULL::json AS position FROM (${page}) p
  UNION ALL SELECT ${POSITION_COLUMNS} FROM rooms r CROSS JOIN log_epoch e WHERE r.id = $1`;

const cut = (which: string, order: string, limit: string) =>
  withAuthors(firstOf('$1', which, order, limit), order);

const AROUND = atPosition(`
  (${cut('m.id <= $2', 'm.id DESC', '$3')}) UNION ALL (${cut('m.id > $2', 'm.id', '$4')})`);
const THREAD = atPosition(`
  (${FIELDS} WHERE m.room_id = $1 AND m.id = $2 AND m.id > $3)
  UNION ALL
  (${cut('m.reply_to_id = $2 AND m.id > $3', 'm.id', '$4')})
  ORDER BY id LIMIT $4`);
const ONE = `${FIELDS} WHERE m.room_id = $1 AND m.id = $2`;
const SENT = `${FIELDS} WHERE m.room_id = $1 AND m.user_id = $2 AND m.client_msg_id = $3`;
const SOME = `${OF_ROOMS} JOIN unnest($1::int[], $2::bigint[]) AS k (room_id, id) ON m.room_id = k.room_id AND m.id = k.id`;

/** One row with the epoch at least. */
const MOVED_ON = `
  SELECT e.epoch, r.id, r.last_seq FROM log_epoch e
  LEFT JOIN (
    rooms r JOIN unnest($1::int[], $2::bigint[]) AS k (id, last_seq) ON r.id = k.id AND r.last_seq <> k.last_seq
  ) ON true`;

/**
 * Reads of the log. Pages and messages by id are served by the key `(room_id, id)` or the index `(room_id, seq)`, a thread
 * by the index of replies, what was sent before by that of `client_msg_id`.
 */
@Injectable()
export class MessageRepository {
  private readonly before: LogPages;
  private readonly after: LogPages;
  private readonly changed: LogPages;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    clock: Clock,
  ) {
    const pages = (name: string, which: string, order: string) =>
      new LogPages(dataSource, clock, name, which, order);
    this.before = pages('messages-before', 'm.id < asked.start', 'm.id DESC');
    this.after = pages('messages-after', 'm.id > asked.start', 'm.id');
    this.changed = pages('messages-changed', 'm.seq > asked.start', 'm.seq');
  }

  async findOne(roomId: number, messageId: number): Promise<Message | null> {
    const [row] = await runForRows<MessageRow>(this.dataSource, { text: ONE }, [roomId, messageId]);
    return row ? toMessage(roomId, row) : null;
  }

  /** What the user has sent to the room under that name. */
  async findSent(roomId: number, userId: number, clientMsgId: string): Promise<Message | null> {
    const [row] = await runForRows<MessageRow>(this.dataSource, { text: SENT }, [
      roomId,
      userId,
      clientMsgId,
    ]);
    return row ? toMessage(roomId, row) : null;
  }

  /** Those of the messages that there are, in no order. */
  async findSome(keys: readonly { roomId: number; messageId: number }[]): Promise<Message[]> {
    if (keys.length === 0) return [];
    const roomIds = keys.map(({ roomId }) => roomId);
    const messageIds = keys.map(({ messageId }) => messageId);
    const rows = await runForRows<RoomsMessageRow>(this.dataSource, { text: SOME }, [roomIds, messageIds]);
    return rows.map(toRoomsMessage);
  }

  /** Oldest first. */
  async history(roomId: number, { cursor, after, around, limit }: HistoryQuery): Promise<HistoryPage> {
    if (after !== undefined) return this.forwards(roomId, after, limit);
    if (around !== undefined) return this.centred(roomId, around, limit);
    return this.backwards(roomId, cursor ?? BEYOND_ALL, limit);
  }

  /** Oldest first; `next_cursor` is the `after` of the next page. */
  async thread(roomId: number, { thread, after = 0, limit }: ThreadQuery): Promise<HistoryPage> {
    return toForwardPage(await this.read(THREAD, roomId, [thread, after, limit + 1]), limit);
  }

  async changesAfter(roomId: number, seq: number, limit: number): Promise<ChangesPage> {
    const { position, messages } = there(await this.changed.read({ roomId, from: seq, limit: limit + 1 }));
    const hasMore = messages.length > limit;
    const page = messages.slice(0, limit);
    return {
      messages: page,
      last_seq: hasMore ? page.at(-1)!.seq : position.last_seq,
      epoch: position.epoch,
      has_more: hasMore,
    };
  }

  async movedOn(positions: ReadonlyMap<number, number>): Promise<LogTails> {
    const rows = await this.dataSource.query<{ epoch: string; id: number | null; last_seq: number }[]>(
      MOVED_ON,
      [[...positions.keys()], [...positions.values()]],
    );
    const moved = rows.flatMap(({ id, last_seq }) => (id === null ? [] : [[id, last_seq] as const]));
    return { epoch: rows[0]!.epoch, lastSeqs: new Map(moved) };
  }

  private async backwards(roomId: number, cursor: number, limit: number): Promise<HistoryPage> {
    const { position, messages } = there(await this.before.read({ roomId, from: cursor, limit: limit + 1 }));
    const hasMore = messages.length > limit;
    const page = messages.slice(0, limit).reverse();
    return {
      messages: page,
      has_more: hasMore,
      next_cursor: hasMore ? page[0]!.id : null,
      ...position,
    };
  }

  private async forwards(roomId: number, after: number, limit: number): Promise<HistoryPage> {
    return toForwardPage(there(await this.after.read({ roomId, from: after, limit: limit + 1 })), limit);
  }

  /** Its `next_cursor` leads to older messages. */
  private async centred(roomId: number, around: number, limit: number): Promise<HistoryPage> {
    const older = Math.ceil(limit / 2);
    const { position, messages } = await this.read(AROUND, roomId, [around, older, limit - older]);
    const page = messages.sort((a, b) => a.id - b.id);
    // Ids have no gaps, so the first message of a room is the one with the id 1.
    const hasMore = (page[0]?.id ?? 1) > 1;
    return { messages: page, has_more: hasMore, next_cursor: hasMore ? page[0]!.id : null, ...position };
  }

  private async read(text: string, roomId: number, parameters: number[]): Promise<LogPage> {
    const rows = await runForRows<PageRow>(this.dataSource, { text }, [roomId, ...parameters]);
    return there(toPage(roomId, rows));
  }
}

/** A page of a room that there is. */
function there(page: LogPage | null): LogPage {
  if (!page) throw new ChatError('room_not_found');
  return page;
}

/** The messages read are one more than the page holds, if there are more. */
function toForwardPage({ position, messages }: LogPage, limit: number): HistoryPage {
  const hasMore = messages.length > limit;
  const page = messages.slice(0, limit);
  return { messages: page, has_more: hasMore, next_cursor: hasMore ? page.at(-1)!.id : null, ...position };
}

import type { DataSource } from 'typeorm';
import { askedTogether } from '../common/asked-together';
import type { Clock } from '../common/clock';
import { type NamedStatement, runForRows } from '../database/run-statement';
import type { Message } from '../protocol/models';
import {
  BEHIND_MESSAGE,
  MESSAGE_AUTHOR,
  MESSAGE_COLUMNS,
  type MessageRow,
  NO_MESSAGE,
  toMessage,
} from './message-row';

/** Messages of one query, unless a single page has more: what it gives is parsed in one turn of the event loop. */
const MESSAGES_MAX = 1024;

/** Messages of a room, and where its log stood when they were read. */
export interface LogPage {
  position: { last_seq: number; epoch: string };
  messages: Message[];
}

type Nothing<Row extends unknown[]> = { [Column in keyof Row]: null };

/** A message of a page, or in a row of its own, the position that the page is read at. */
export type PageRow =
  [...MessageRow, position: null] | [...Nothing<MessageRow>, position: LogPage['position']];

/** One of several pages: behind it stands which. */
type NumberedRow = [...PageRow, nr: number];
const NR: PageRow['length'] = 18;

interface PageKey {
  roomId: number;
  /** The id, or the `seq`, that the page begins at; it is not on the page. */
  from: number;
  limit: number;
}

/** Authors are looked up behind the cut: however wrong the planner's idea of a room is, a page reads no more than it holds. */
export const withAuthors = (messages: string, order: string) =>
  `SELECT ${MESSAGE_COLUMNS} FROM (${messages}) m ${MESSAGE_AUTHOR} ORDER BY ${order}`;

export const firstOf = (roomId: string, which: string, order: string, limit: string) =>
  `SELECT m.* FROM messages m WHERE m.room_id = ${roomId} AND ${which} ORDER BY ${order} LIMIT ${limit}`;

/** The columns of a row without a message, of `rooms AS r` and `log_epoch AS e`. */
export const POSITION_COLUMNS = `${NO_MESSAGE}, json_build_object('last_seq', r.last_seq, 'epoch', e.epoch)`;

/** The page that the rows make, its messages in their order; null for a room that there is not. */
export function toPage(roomId: number, rows: readonly [...PageRow, ...unknown[]][]): LogPage | null {
  let position: LogPage['position'] | null = null;
  const messages: Message[] = [];
  for (const row of rows) {
    if (row[0] === null) position = row[BEHIND_MESSAGE];
    else messages.push(toMessage(roomId, row));
  }
  return position && { position, messages };
}

/**
 * Pages of rooms, each from a place of its own, as one statement that PostgreSQL plans once a connection. It takes a
 * `LIMIT` that it does not know for a tenth of a room, and would plan each time anew to know better: twice the work of
 * reading. So the most that is read stands in the text, too, as a power of two, of which there are few; and the pages
 * are asked for by JSON, whose length it does not look at. It takes them for a hundred, so the room of each is looked up
 * behind an `OFFSET 0`, or it would read all rooms.
 */
function pagesStatement(name: string, which: string, order: string, most: number): NamedStatement {
  const messages = firstOf('asked.room_id', which, order, String(most));
  return {
    name: `${name}-${most}`,
    text: `
      WITH asked AS (SELECT * FROM json_to_recordset($1) AS asked (nr int, room_id int, start bigint, most int))
      SELECT p.*, NULL::json AS position, asked.nr FROM asked
      CROSS JOIN LATERAL (${withAuthors(`SELECT * FROM (${messages}) m LIMIT asked.most`, order)}) p
      UNION ALL
      SELECT ${POSITION_COLUMNS}, asked.nr FROM asked
      CROSS JOIN LATERAL (SELECT * FROM rooms WHERE id = asked.room_id OFFSET 0) r CROSS JOIN log_epoch e`,
  };
}

/**
 * Pages of one kind, `which` beginning at `asked.start`. Those that are asked for while others are read are the next
 * query, so each costs PostgreSQL and the driver a fraction of a query of its own in a rush.
 */
export class LogPages {
  private readonly finds = new Map<number, (key: PageKey) => Promise<LogPage | null>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly name: string,
    private readonly which: string,
    private readonly order: string,
  ) {}

  /** The page in its order; null for a room that there is not. */
  read(key: PageKey): Promise<LogPage | null> {
    const most = 2 ** Math.ceil(Math.log2(key.limit));
    let find = this.finds.get(most);
    if (!find) {
      const statement = pagesStatement(this.name, this.which, this.order, most);
      find = askedTogether(this.clock, (keys) => this.readMany(statement, keys), {
        keysMax: Math.max(1, Math.floor(MESSAGES_MAX / most)),
      });
      this.finds.set(most, find);
    }
    return find(key);
  }

  private async readMany(statement: NamedStatement, keys: readonly PageKey[]): Promise<(LogPage | null)[]> {
    const asked = keys.map(({ roomId, from, limit }, nr) => ({
      nr,
      room_id: roomId,
      start: from,
      most: limit,
    }));
    const rows = await runForRows<NumberedRow>(this.dataSource, statement, [JSON.stringify(asked)]);
    const rowsOf = keys.map((): NumberedRow[] => []);
    for (const row of rows) rowsOf[row[NR]]!.push(row);
    return keys.map(({ roomId }, nr) => toPage(roomId, rowsOf[nr]!));
  }
}

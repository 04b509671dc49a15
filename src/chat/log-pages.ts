import type { DataSource } from 'typeorm';
import type { Clock } from '../common/clock';
import { askedTogether } from '../database/asked-together';
import { type NamedStatement, runNamed } from '../database/named-statement';
import { type MessageRow, MESSAGE_AUTHOR, MESSAGE_COLUMNS } from './message-row';

/** Messages of one query, unless a single page has more: what it gives is parsed in one turn of the event loop. */
const MESSAGES_MAX = 1024;

/** A row of a page: a message, or none, with the position it was read at. */
export type TailRow = { last_seq: number; epoch: string } & Partial<MessageRow>;

interface PageKey {
  roomId: number;
  /** The id, or the `seq`, that the page begins at; it is not on the page. */
  from: number;
  limit: number;
}

/** Authors are looked up behind the cut: however wrong the planner's idea of a room is, a page reads no more than it holds. */
export const withAuthors = (messages: string, order: string) =>
  `SELECT ${MESSAGE_COLUMNS} FROM (${messages}) m ${MESSAGE_AUTHOR} ORDER BY ${order}`;

export const firstOf = (which: string, order: string, limit: string) =>
  `SELECT m.* FROM messages m WHERE m.room_id = r.id AND ${which} ORDER BY ${order} LIMIT ${limit}`;

/**
 * Pages of rooms, each from a place of its own, as one statement that PostgreSQL plans once a connection. It takes a
 * `LIMIT` that it does not know for a tenth of a room, and would plan each time anew to know better: twice the work of
 * reading. So the most that is read stands in the text, too, as a power of two, of which there are few; and the pages
 * are asked for by JSON, whose length it does not look at. It takes them for a hundred, so the room of each is looked up
 * behind an `OFFSET 0`, or it would read all rooms.
 */
function pagesStatement(name: string, which: string, order: string, most: number): NamedStatement {
  const messages = `SELECT * FROM (${firstOf(which, order, String(most))}) m LIMIT asked.most`;
  return {
    name: `${name}-${most}`,
    text: `
      SELECT asked.nr, r.last_seq, e.epoch, p.*
      FROM json_to_recordset($1) AS asked (nr int, room_id int, start bigint, most int)
      JOIN LATERAL (SELECT * FROM rooms WHERE id = asked.room_id OFFSET 0) r ON true CROSS JOIN log_epoch e
      LEFT JOIN LATERAL (${withAuthors(messages, order)}) p ON true`,
  };
}

/**
 * Pages of one kind, `which` beginning at `asked.start`. Those that are asked for while others are read are the next
 * query, so each costs PostgreSQL and the driver a fraction of a query of its own in a rush.
 */
export class LogPages {
  private readonly finds = new Map<number, (key: PageKey) => Promise<TailRow[]>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly name: string,
    private readonly which: string,
    private readonly order: string,
  ) {}

  /** The rows of the page in its order; one without a message if there is none; none for a room that there is not. */
  read(key: PageKey): Promise<TailRow[]> {
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

  private async readMany(statement: NamedStatement, keys: readonly PageKey[]): Promise<TailRow[][]> {
    const asked = keys.map(({ roomId, from, limit }, nr) => ({
      nr,
      room_id: roomId,
      start: from,
      most: limit,
    }));
    const rows = await runNamed<TailRow & { nr: number }>(this.dataSource, statement, [
      JSON.stringify(asked),
    ]);
    const pages = keys.map((): TailRow[] => []);
    for (const row of rows) pages[row.nr]!.push(row);
    return pages;
  }
}

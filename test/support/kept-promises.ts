import type { DataSource } from 'typeorm';
import type { FaultSender } from './fault-senders';
import { oneTo } from './whole-log';

const ANSWER_WITHIN_MS = 10_000;

interface Row {
  id: number;
  seq: number;
  name: string | null;
}

/**
 * Checks what senders were told against what PostgreSQL has: nothing acknowledged is missing, nothing doubled, no number
 * skipped, what was called not stored is not, an author's order is kept, and every answer came in time. The room may
 * hold messages of others, but nothing in it may have been edited or deleted.
 */
export async function mustHaveKeptItsPromises(
  dataSource: DataSource,
  roomId: number,
  senders: readonly FaultSender[],
): Promise<void> {
  const rows = await dataSource.query<Row[]>(
    'SELECT id, seq, client_msg_id AS name FROM messages WHERE room_id = $1 ORDER BY id',
    [roomId],
  );
  const [counters] = await dataSource.query<object[]>(
    'SELECT last_seq, last_message_id FROM rooms WHERE id = $1',
    [roomId],
  );
  expect(rows.map(({ id }) => id)).toEqual(oneTo(rows.length));
  expect(rows.map(({ seq }) => seq)).toEqual(oneTo(rows.length));
  expect(counters).toEqual({ last_seq: rows.length, last_message_id: rows.length });

  const byName = new Map(rows.map(({ name, id, seq }) => [name, { id, seq }]));
  for (const { sent, door } of senders) {
    for (const { name, stored } of sent) {
      expect({ name, stored: byName.get(name) ?? null }).toEqual({ name, stored });
    }
    expect(Math.max(...sent.flatMap(({ tookMs }) => tookMs))).toBeLessThan(ANSWER_WITHIN_MS);
    const ids = sent.flatMap(({ stored, codes }) => (stored && codes.length === 0 ? [stored.id] : []));
    if (door.keepsOrder) expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(sent.flatMap(({ codes }) => codes).filter((code) => code !== 'database_unavailable')).toEqual([]);
  }
}

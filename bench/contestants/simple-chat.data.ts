import { STAMP_BYTES, stampedText } from '../load/stamp';
import { withClient } from '../servers/bench-postgres';
import type { Population } from './contestant';

/** Digits of a stamp. */
const ZEROS = STAMP_BYTES - 2;

/**
 * Puts the people of a scenario into the product's database: accounts with living sessions (`sessionOf`), rooms and
 * memberships. Straight into the tables, since ten thousand passwords would take a quarter of an hour to hash.
 */
export async function populate(databaseUrl: string, { rooms, membersOfRoom }: Population): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const people = rooms * membersOfRoom;
    await client.query(
      `INSERT INTO users (id, username, email, password_hash)
       SELECT n, 'user' || lpad(n::text, 6, '0'), 'user' || n || '@example.com', 'none' FROM generate_series(1, $1::int) n`,
      [people],
    );
    await client.query(
      `INSERT INTO sessions (id, user_id, expires_at)
       SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n, now() + interval '2 days'
       FROM generate_series(1, $1::int) n`,
      [people],
    );
    await client.query(
      `INSERT INTO rooms (id, name, member_count)
       SELECT n, 'bench ' || n, $2::int FROM generate_series(1, $1::int) n`,
      [rooms, membersOfRoom],
    );
    await client.query(
      `INSERT INTO room_members (room_id, user_id)
       SELECT (n - 1) / $2::int + 1, n FROM generate_series(1, $1::int) n`,
      [people, membersOfRoom],
    );
    await client.query('ANALYZE');
  });
}

/**
 * Lets the first member of each room have said `messages` things there, before anyone came: stamped, so that receivers
 * can check what they are given of them.
 */
export async function fillRooms(
  databaseUrl: string,
  rooms: readonly number[],
  messages: number,
): Promise<void> {
  const [before, after] = stampedText({ room: 0, sender: 0, n: 0, dueMicros: 0 }).split(
    '0'.repeat(ZEROS),
  ) as [string, string];
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `INSERT INTO messages (room_id, id, seq, user_id, content, created_at)
       SELECT r, n, n, m.user_id, $3::text || lpad(r::text, 5, '0') || '00000' || lpad(n::text, 8, '0') || repeat('0', 15) || $4::text,
         now() - interval '1 hour' + n * interval '1 millisecond'
       FROM unnest($1::int[]) r CROSS JOIN generate_series(1, $2::int) n
       JOIN LATERAL (SELECT min(user_id) AS user_id FROM room_members WHERE room_id = r) m ON true`,
      [rooms, messages, before, after],
    );
    await client.query(
      `UPDATE rooms SET last_seq = $2, last_message_id = $2, last_message_at = now() WHERE id = ANY ($1::int[])`,
      [rooms, messages],
    );
    await client.query('ANALYZE messages');
  });
}

/** Gives the first `people` users a password that can be logged in with. */
export async function givePasswords(databaseUrl: string, people: number, hash: string): Promise<void> {
  await withClient(databaseUrl, (client) =>
    client.query('UPDATE users SET password_hash = $2 WHERE id <= $1', [people, hash]),
  );
}

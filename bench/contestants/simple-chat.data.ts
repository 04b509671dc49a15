import { withClient } from '../servers/bench-postgres';
import type { Population } from './contestant';

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

import type { Client } from 'pg';

const MESSAGES = 1_000_000;
export const ROOMS = 1000;
/** Its messages are the oldest of all. */
export const QUIET_ROOM = 2;
/** It has as many messages as a hundred others, and the newest. */
export const BUSY_ROOM = 500;
const MESSAGES_EACH = 900;
const AUTHORS = 50;
/** The busy room's messages when the statistics were taken; a thousand have come since. */
export const KNOWN_TO_STATISTICS = MESSAGES - (ROOMS - 1) * MESSAGES_EACH;
const SINCE = 1000;
const MEMBERS_EACH = 20;

/** One word is in all messages, one in every thousandth. Those that have a name are the user's, others somebody else's. */
const COLUMNS = `room_id, n, n, CASE WHEN n % 3 = 0 THEN $1::int ELSE 1 + (n * 7 + room_id) % ${AUTHORS} END,
  format('common word%s word%s %s', n * room_id % 5000, n * 7 % 3000, CASE WHEN (n + room_id) % 1000 = 0 THEN 'seldom' END),
  CASE WHEN n % 3 = 0 THEN 'name ' || n END, CASE WHEN n % 20 = 0 THEN n - 10 END`;

/** Messages `from` to `to` of each of the rooms, which speak by turns, on the same day. */
const insert = (rooms: string, from: number, to: number, day: number) => `
  INSERT INTO messages (room_id, id, seq, user_id, content, client_msg_id, reply_to_id, created_at)
  SELECT ${COLUMNS}, timestamptz '2026-01-01' + ${day} * interval '1 day' + n * interval '1 second'
    FROM generate_series(${from}, ${to}) n CROSS JOIN LATERAL (SELECT id FROM rooms WHERE ${rooms} AND n > 0) r (room_id)`;

/**
 * Fills an empty database: a thousand rooms, of which one fell silent before the others began, and one goes on after
 * them; a user who is in all of them, `userId`. `index` works off what the search's index does not have. The indexes are taken away meanwhile and made again as they were, and
 * nothing is written ahead: neither is to be seen in a plan, and it takes a third of the time.
 */
export async function fillWithAMillionMessages(
  client: Client,
  userId: number,
  index: () => Promise<void>,
): Promise<void> {
  await client.query(`SET maintenance_work_mem = '256MB'`);
  await client.query('ALTER TABLE messages SET UNLOGGED');
  await client.query(
    `INSERT INTO rooms (id, name) OVERRIDING SYSTEM VALUE SELECT n, 'Room ' || n FROM generate_series(2, $1::int) n`,
    [ROOMS + 1],
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'messages'`,
  );
  await client.query('ALTER TABLE messages DROP CONSTRAINT messages_pkey');
  for (const { name } of indexes) await client.query(`DROP INDEX IF EXISTS ${name}`);

  for (const said of [
    insert(`id = ${QUIET_ROOM}`, 1, MESSAGES_EACH, 0),
    insert(`id > ${QUIET_ROOM}`, 1, MESSAGES_EACH, 1),
    insert(`id = ${BUSY_ROOM}`, MESSAGES_EACH + 1, KNOWN_TO_STATISTICS, 2),
  ]) {
    await client.query(said, [userId]);
  }

  for (const { definition } of indexes) await client.query(definition);
  await client.query(
    'ALTER TABLE messages ADD CONSTRAINT messages_pkey PRIMARY KEY USING INDEX messages_pkey',
  );
  await client.query(
    `INSERT INTO users (username, email, password_hash)
     SELECT 'user' || n, n || '@example.com', 'none' FROM generate_series(1, ${AUTHORS}) n`,
  );
  await client.query(
    `INSERT INTO room_members (room_id, user_id)
     SELECT room.id, member.id FROM rooms room, (SELECT id FROM users ORDER BY id = $1 DESC LIMIT ${MEMBERS_EACH}) member`,
    [userId],
  );
  await client.query(
    `UPDATE rooms SET last_seq = of.n, last_message_id = of.n, last_message_at = now(), member_count = ${MEMBERS_EACH}
       FROM (SELECT room_id, max(id) AS n FROM messages GROUP BY room_id) of WHERE id = room_id`,
  );
  await client.query(
    `INSERT INTO message_mentions (room_id, user_id, message_id, author_id)
     SELECT room_id, user_id, n, 0 FROM room_members, generate_series(90, ${MESSAGES_EACH}, 90) n`,
  );
  await client.query(
    `INSERT INTO search_backlog (room_id, first_id, last_id)
     SELECT id, n, least(n + 499, last_message_id) FROM rooms, generate_series(1, last_message_id, 500) n ORDER BY id, n`,
  );
  await index();
  await client.query('ANALYZE');
  await client.query(insert(`id = ${BUSY_ROOM}`, KNOWN_TO_STATISTICS + 1, KNOWN_TO_STATISTICS + SINCE, 2), [
    userId,
  ]);
  await client.query(
    `UPDATE rooms SET last_seq = last_seq + ${SINCE}, last_message_id = last_message_id + ${SINCE} WHERE id = ${BUSY_ROOM}`,
  );
}

import { Client } from 'pg';
import { insertPlain } from '../../../src/chat/insert-plain';
import type { MessageDraft } from '../../../src/realtime/room-log';
import { aDraft } from '../../support/a-message';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { until } from '../../support/until';

const [ADA, BOB] = [1, 2];

let database: TestDatabase;
/** Two nodes that append, and somebody who looks on. */
let one: Client;
let other: Client;
let observer: Client;
let room: number;

beforeAll(async () => {
  database = await createTestDatabase();
  [one, other, observer] = await Promise.all([connect(), connect(), connect()]);
  await observer.query(
    `INSERT INTO users (username, email, password_hash) SELECT n, n, 'none' FROM unnest('{Ada,Bob}'::text[]) n`,
  );
});
afterAll(async () => {
  await Promise.all([one, other, observer].map((client) => client.end()));
  await database.drop();
});
beforeEach(async () => {
  const { rows } = await observer.query<{ id: number }>(
    `WITH room AS (INSERT INTO rooms (name) VALUES (gen_random_uuid()) RETURNING id)
     INSERT INTO room_members (room_id, user_id) SELECT room.id, users.id FROM room, users RETURNING room_id AS id`,
  );
  room = rows[0]!.id;
});

async function connect(): Promise<Client> {
  const client = new Client(database.url);
  await client.connect();
  return client;
}

const by = (...authors: number[]): MessageDraft[] =>
  authors.map((userId) => aDraft({ roomId: room, userId, username: 'whoever' }));

/** How far Ada and Bob have read. */
async function marks(): Promise<number[]> {
  const { rows } = await observer.query<{ mark: string }>(
    'SELECT last_read_id AS mark FROM room_members WHERE room_id = $1 ORDER BY user_id',
    [room],
  );
  return rows.map(({ mark }) => Number(mark));
}

/** Appends on one node while the other, which began before, has yet to commit what it did. */
async function appendBehind(first: () => Promise<unknown>, drafts: MessageDraft[]): Promise<void> {
  await one.query('BEGIN');
  await first();
  const pid = (await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
  const appended = other.query(insertPlain(drafts));
  await until(async () => {
    const { rows } = await observer.query<{ n: number }>('SELECT cardinality(pg_blocking_pids($1)) AS n', [
      pid,
    ]);
    expect(rows[0]!.n).toBe(1);
  });
  await one.query('COMMIT');
  await appended;
}

describe('An append moves the reading mark', () => {
  it.each([
    ['of its author', [ADA], [1, 0]],
    ['over all messages of one author', [ADA, ADA, ADA], [3, 0]],
    ['up to the first message of another', [ADA, ADA, BOB, ADA], [2, 0]],
    ['of nobody but the first author', [BOB, ADA, BOB], [0, 1]],
  ])('%s', async (_, authors, expected) => {
    await one.query(insertPlain(by(...authors)));

    expect(await marks()).toEqual(expected);
  });

  it('of nobody who had not read everything', async () => {
    await one.query(insertPlain(by(BOB)));
    await one.query(insertPlain(by(ADA, ADA)));

    expect(await marks()).toEqual([0, 1]);
  });

  it('in every room of its own', async () => {
    const first = by(ADA);
    const { rows } = await observer.query<{ id: number }>(
      `WITH room AS (INSERT INTO rooms (name) VALUES (gen_random_uuid()) RETURNING id)
       INSERT INTO room_members (room_id, user_id) SELECT room.id, users.id FROM room, users RETURNING room_id AS id`,
    );
    room = rows[0]!.id;

    await one.query(insertPlain([...by(BOB), ...first, ...by(ADA)]));

    expect(await marks()).toEqual([0, 1]);
    room = first[0]!.roomId;
    expect(await marks()).toEqual([1, 0]);
  });

  it('that another node moved while it waited for the room', async () => {
    await appendBehind(() => one.query(insertPlain(by(ADA))), by(ADA));

    expect(await marks()).toEqual([2, 0]);
  });

  it('of nobody who did not read what another node stored while it waited', async () => {
    await appendBehind(() => one.query(insertPlain(by(BOB))), by(ADA));

    expect(await marks()).toEqual([0, 1]);
  });
});

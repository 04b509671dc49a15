import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { createPool, migrationOptions } from '../../src/database/data-source-options';
import { migrate } from '../../src/database/migrate';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe('migrations', () => {
  it('run once when several nodes start at once on an empty database', async () => {
    const database = await createTestDatabase('empty');
    const config = aTestConfig({ databaseUrl: database.url });

    const ran = await Promise.all([migrate(config), migrate(config), migrate(config)]);

    const pool = createPool(config);
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    expect(ran.flat()).toEqual(rows.map((row) => row.name));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    await pool.end();
    await database.drop();
  });

  it('refuse a database that cannot keep what people write', async () => {
    const database = await createTestDatabase('latin');

    await expect(migrate(aTestConfig({ databaseUrl: database.url }))).rejects.toThrow(
      "The database has the encoding LATIN1: make one with ENCODING 'UTF8'.",
    );
    await database.drop();
  });
});

describe('migrations that are undone', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let pool: Pool;

  beforeEach(async () => {
    database = await createTestDatabase();
    const config = aTestConfig({ databaseUrl: database.url });
    dataSource = await new DataSource(migrationOptions(config)).initialize();
    pool = createPool(config);
  });

  afterEach(async () => {
    await pool.end();
    await dataSource.destroy();
    await database.drop();
  });

  async function names(): Promise<string[]> {
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    return rows.map(({ name }) => name);
  }

  async function undoTo(migration: string): Promise<void> {
    while ((await names()).includes(migration)) await dataSource.undoLastMigration();
  }

  it('leave nothing, and can run again', async () => {
    const all = await names();

    await undoTo(all[0]!);
    const ran = await dataSource.runMigrations();

    expect(ran.map(({ name }) => name)).toEqual(all);
  });

  it('carry the waits of slow mode over, and back', async () => {
    const slowed = 'SlowModeOutlivesMembership1764001200000';
    await undoTo(slowed);
    await pool.query(`
      INSERT INTO users (id, username, email, password_hash)
      SELECT n, 'user' || n, n || '@example.org', '' FROM generate_series(1, 3) n`);
    await pool.query(`INSERT INTO rooms (id, name) VALUES (1, 'slow')`);
    await pool.query(`
      INSERT INTO room_members (room_id, user_id, last_sent_at)
      VALUES (1, 1, '2026-01-01Z'), (1, 2, '2026-01-02Z'), (1, 3, NULL)`);
    const lastSent = async (table: string) => {
      const { rows } = await pool.query<{ user_id: number; sent: string | null }>(
        `SELECT user_id, (last_sent_at AT TIME ZONE 'UTC')::date::text AS sent FROM ${table} ORDER BY user_id`,
      );
      return rows.map(({ user_id, sent }) => [user_id, sent]);
    };

    await dataSource.runMigrations();
    const after = await lastSent('room_slowed_authors');
    await pool.query('DELETE FROM room_members WHERE user_id = 1');
    await undoTo(slowed);

    expect(after).toEqual([
      [1, '2026-01-01'],
      [2, '2026-01-02'],
    ]);
    expect(await lastSent('room_members')).toEqual([
      [2, '2026-01-02'],
      [3, null],
    ]);
  });

  it('tell rooms of one name apart by their ids, but for the public or the oldest one', async () => {
    const long = 'x'.repeat(100);
    await pool.query(`
      INSERT INTO rooms (id, name, visibility, is_active) VALUES
        (1, 'Plans', 'private', true), (2, 'plans', 'public', true), (3, 'PLANS', 'private', true),
        (4, 'Plans', 'private', false), (5, 'Secret', 'private', true), (6, 'secret', 'private', true),
        (7, 'SECRET (6)', 'public', true), (8, '${long}', 'private', true), (9, '${long}', 'private', true),
        (10, '', 'direct', true), (11, '', 'direct', true)`);

    await undoTo('RoomNames1764000800000');

    const { rows } = await pool.query<{ name: string }>('SELECT name FROM rooms ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual([
      'Plans (1)',
      'plans',
      'PLANS (3)',
      'Plans',
      'Secret',
      'secret (6) (6.2)',
      'SECRET (6)',
      long,
      `${'x'.repeat(96)} (9)`,
      '',
      '',
    ]);
  });

  it('leave the words of what was said before to be indexed, and give it back its index', async () => {
    const stretches = 'SearchStretches1764001400000';
    await undoTo(stretches);
    await pool.query(`
      INSERT INTO rooms (id, name, last_message_id) VALUES (1, 'silent', 0), (2, 'short', 500), (3, 'long', 1001)`);

    await dataSource.runMigrations();
    const { rows: backlog } = await pool.query<{ room_id: number; first_id: number; last_id: number }>(
      'SELECT room_id, first_id::int, last_id::int FROM search_backlog ORDER BY id',
    );
    await undoTo(stretches);
    const { rows: indexes } = await pool.query(`SELECT FROM pg_indexes WHERE indexname = 'messages_search'`);

    expect(backlog.map(({ room_id, first_id, last_id }) => [room_id, first_id, last_id])).toEqual([
      [2, 1, 500],
      [3, 1, 500],
      [3, 501, 1000],
      [3, 1001, 1001],
    ]);
    expect(indexes).toHaveLength(1);
  });
});

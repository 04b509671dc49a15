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
});

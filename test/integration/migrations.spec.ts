import { createPool } from '../../src/database/data-source-options';
import { migrate } from '../../src/database/migrate';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase } from '../support/test-database';

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

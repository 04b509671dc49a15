import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe('the migrated schema', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource(
      dataSourceOptions(aTestConfig({ databaseUrl: database.url })),
    ).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('is the one that the entities describe: migration:generate finds nothing to do', async () => {
    const changes = await dataSource.driver.createSchemaBuilder().log();

    expect(changes.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can be taken back, step by step, and made again', async () => {
    const fresh = await createTestDatabase('empty');
    const steps = new DataSource(dataSourceOptions(aTestConfig({ databaseUrl: fresh.url })));
    await steps.initialize();
    const ran = await steps.runMigrations();

    for (const _ of ran) await steps.undoLastMigration();
    const left = await steps.query<object[]>(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const again = await steps.runMigrations();

    expect(left).toEqual([{ table_name: 'migrations' }]);
    expect(again.map(({ name }) => name)).toEqual(ran.map(({ name }) => name));
    await steps.destroy();
    await fresh.drop();
  });
});

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
});

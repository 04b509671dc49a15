import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { readEnvironment } from './src/config/environment';
import { loadConfig } from './src/config/load-config';
import { migrationOptions } from './src/database/data-source-options';
import { checkEncoding } from './src/database/encoding';
import { openDatabase } from './src/database/open-database';
import { explainFailure } from './src/explain-failure';

/** The database for the `migration:…` commands: that of `DATABASE_URL`, else the embedded one. */
async function createDataSource(): Promise<DataSource> {
  const { config, close } = await openDatabase(loadConfig(readEnvironment()));
  await checkEncoding(config);
  const dataSource = new DataSource(migrationOptions(config));
  dataSource.destroy = async () => {
    await DataSource.prototype.destroy.call(dataSource);
    await close();
  };
  return dataSource;
}

// TypeORM would print the error as an object.
export default createDataSource().catch((error: unknown) => {
  process.stderr.write(`${explainFailure(error) ?? (error as Error).stack}\n`);
  process.exit(1);
});

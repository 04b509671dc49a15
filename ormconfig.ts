import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { readEnvironment } from './src/config/environment';
import { loadConfig } from './src/config/load-config';
import { migrationOptions } from './src/database/data-source-options';
import { openDatabase } from './src/database/open-database';

/** The database for the `migration:…` commands: that of `DATABASE_URL`, else the embedded one. */
async function createDataSource(): Promise<DataSource> {
  const { config, close } = await openDatabase(loadConfig(readEnvironment()));
  const dataSource = new DataSource(migrationOptions(config));
  dataSource.destroy = async () => {
    await DataSource.prototype.destroy.call(dataSource);
    await close();
  };
  return dataSource;
}

export default createDataSource();

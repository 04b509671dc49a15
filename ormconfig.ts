import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { readEnvironment } from './src/config/environment';
import { loadConfig } from './src/config/load-config';
import { migrationOptions } from './src/database/data-source-options';
import { EmbeddedPostgres } from './src/database/embedded-postgres';

/** The database for the `migration:…` commands: that of `DATABASE_URL`, else the embedded one. */
async function createDataSource(): Promise<DataSource> {
  const config = loadConfig(readEnvironment());
  if (config.databaseUrl !== null) return new DataSource(migrationOptions(config));

  const postgres = new EmbeddedPostgres({ dataDir: config.dataDir });
  const { url: databaseUrl } = await postgres.start();
  const dataSource = new DataSource(migrationOptions({ ...config, databaseUrl }));
  const disconnect = dataSource.destroy.bind(dataSource);
  dataSource.destroy = async () => {
    await disconnect();
    await postgres.stop();
  };
  return dataSource;
}

export default createDataSource();

import type { AppConfig } from '../config/app-config';
import { EmbeddedPostgres } from './embedded-postgres';
import { embeddedUrl } from './embedded-url';
import { DataDirInUseError } from './postgres-leftover';
import { waitForDatabase } from './wait-for-database';

/** A configuration whose database runs. */
export interface OpenDatabase {
  config: AppConfig;
  /** Ends what was started for it; nothing else. */
  close: () => Promise<void>;
}

/**
 * Opens the database for a command that may run beside the server: the one of `DATABASE_URL`, else the embedded
 * PostgreSQL, which is started unless a server runs it already. Resolves once it answers.
 */
export async function openDatabase(config: AppConfig): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    await waitForDatabase(config);
    return { config, close: async () => undefined };
  }

  const postgres = new EmbeddedPostgres({ dataDir: config.dataDir });
  try {
    const { url } = await postgres.start();
    return { config: { ...config, databaseUrl: url }, close: () => postgres.stop() };
  } catch (error) {
    if (!(error instanceof DataDirInUseError) || error.socketDir === null) throw error;
    return { config: { ...config, databaseUrl: embeddedUrl(error.socketDir) }, close: async () => undefined };
  }
}

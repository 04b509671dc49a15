import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import type { AppConfig } from '../config/app-config';
import { migrationOptions } from './data-source-options';
import { checkEncoding } from './encoding';

/** Any number that nobody else uses: the name of the lock. */
const MIGRATION_LOCK = 7_236_154_901;
const POLL_MS = 200;

/**
 * Brings the schema up to date and resolves with the names of the migrations that ran.
 *
 * Several nodes may call it at once on one database, empty or not: one migrates, the others wait for it.
 */
export async function migrate(config: AppConfig): Promise<string[]> {
  await checkEncoding(config);
  const dataSource = new DataSource(migrationOptions(config));
  await dataSource.initialize();
  try {
    const lockHolder = dataSource.createQueryRunner();
    await lock(lockHolder);
    try {
      const migrations = await dataSource.runMigrations();
      return migrations.map((migration) => migration.name);
    } finally {
      // A connection that is lost has given it up; what lost it may be what the migration failed of, which is to be told.
      await lockHolder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
      await lockHolder.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** Asks again and again: a waiting statement would hold a snapshot, for which CREATE INDEX CONCURRENTLY waits in turn. */
async function lock(lockHolder: QueryRunner): Promise<void> {
  for (;;) {
    const rows = (await lockHolder.query('SELECT pg_try_advisory_lock($1) AS taken', [MIGRATION_LOCK])) as {
      taken: boolean;
    }[];
    if (rows[0]?.taken) return;
    await delay(POLL_MS);
  }
}

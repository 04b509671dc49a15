import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { migrate } from '../../src/database/migrate';
import { aTestConfig } from './test-config';
import { CLUSTER_URL_VARIABLE, databaseUrl, TEMPLATE_DATABASE } from './test-database';

/** What the run started; for `global-teardown`. */
export const started: { end?: () => Promise<void> } = {};

/** One PostgreSQL for the run, and in it a migrated database that every test file gets a copy of. */
export default async function globalSetup(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'simple-chat-tests-'));
  // As root, PostgreSQL runs as somebody else, who has to get in.
  chmodSync(dataDir, 0o755);
  const postgres = new EmbeddedPostgres({ dataDir, isDurable: false, maxConnections: 300 });
  const { url } = await postgres.start();
  started.end = async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.env[CLUSTER_URL_VARIABLE] = url;

  const client = new Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await client.end();
  await migrate(aTestConfig({ databaseUrl: databaseUrl(TEMPLATE_DATABASE) }));
}

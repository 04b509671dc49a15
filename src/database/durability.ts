import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { OperatorError } from '../common/operator-error';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from './data-source-options';

const logger = new Logger('Database');

/**
 * Checks that what PostgreSQL calls committed survives a power cut: `fsync` and `synchronous_commit` are on.
 * In production anything else is refused, elsewhere warned about.
 */
export async function checkDurability(config: AppConfig): Promise<void> {
  const off = await settingsThatAreOff(config);
  if (off.length === 0) return;
  const problem = `PostgreSQL runs with ${off.join(' and ')} off: acknowledged messages would not survive a power cut`;
  if (config.environment === 'production') throw new OperatorError(`${problem}. Switch it on.`);
  logger.warn(problem);
}

async function settingsThatAreOff(config: AppConfig): Promise<string[]> {
  const client = new Client(poolConfig(config));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name`,
    );
    return rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

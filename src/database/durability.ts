import { Logger } from '@nestjs/common';
import { OperatorError } from '../common/operator-error';
import type { AppConfig } from '../config/app-config';
import { askOnce } from './ask-once';

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
  const rows = await askOnce<{ name: string }>(
    config,
    `SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name`,
  );
  return rows.map((row) => row.name);
}

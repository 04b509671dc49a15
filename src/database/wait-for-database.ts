import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from './data-source-options';
import { isConnectionLoss } from './database-error';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

const logger = new Logger('Database');

/** Resolves once PostgreSQL answers: it may have been started together with this server. Gives up after a minute. */
export async function waitForDatabase(config: AppConfig): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await connectOnce(config);
      return;
    } catch (cause) {
      if (!isConnectionLoss(cause)) throw cause;
      if (performance.now() > deadline) throw new Error('PostgreSQL cannot be reached', { cause });
      logger.warn('PostgreSQL cannot be reached yet; trying again');
    }
    await delay(PAUSE_MS);
  }
}

async function connectOnce(config: AppConfig): Promise<void> {
  const client = new Client(poolConfig(config));
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}

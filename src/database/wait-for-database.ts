import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { OperatorError } from '../common/operator-error';
import type { AppConfig } from '../config/app-config';
import { poolConfig } from './data-source-options';
import { databaseErrorCode, isConnectionLoss } from './database-error';
import { MortalClient } from './mortal-client';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;
/** How often the same cause is told again. */
const REMINDER_MS = 10_000;

const logger = new Logger('Database');

/**
 * Resolves once PostgreSQL answers, and takes changes: it may have been started together with this server. Tells what it
 * waits for, by code, host and port: what PostgreSQL says may name its user.
 *
 * @throws OperatorError after a minute
 */
export async function waitForDatabase(config: AppConfig, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let told = { problem: '', at: 0 };
  for (;;) {
    const client = new MortalClient(poolConfig(config));
    try {
      await connectOnce(client);
      return;
    } catch (cause) {
      if (!isConnectionLoss(cause)) throw cause;
      const reason = databaseErrorCode(cause) ?? (cause as Error).message;
      const problem = `PostgreSQL cannot be used at ${client.host}:${client.port} (${reason})`;
      const now = performance.now();
      if (now > deadline)
        throw new OperatorError(`${problem}: start it, or choose another DATABASE_URL.`, { cause });
      if (problem !== told.problem || now - told.at >= REMINDER_MS) {
        logger.warn(`${problem}; trying again`);
        told = { problem, at: now };
      }
    }
    await delay(PAUSE_MS);
  }
}

async function connectOnce(client: MortalClient): Promise<void> {
  try {
    await client.connect();
    MortalClient.verify(client, (error) => {
      if (error) throw error;
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

import type { Pool } from 'pg';
import type { AppConfig } from '../config/app-config';
import { createPool } from '../database/data-source-options';

/** Notifications of one statement. */
const BATCH_MAX = 500;
/** Beyond, hints are dropped: PostgreSQL does not keep up, and the log says it all. */
const WAITING_MAX = 10_000;

/** Notifications are not stored, so their commit has no write to the disk to wait for. */
const NOTIFY = `
  SELECT set_config('synchronous_commit', 'off', true) UNION ALL
  SELECT pg_notify(channel, payload)::text FROM unnest($1::text[], $2::text[]) AS n (channel, payload)`;

interface Notification {
  channel: string;
  payload: string;
}

/**
 * Sends notifications over a connection of its own: at most one statement is under way, and what comes meanwhile goes
 * with the next one. PostgreSQL takes notifying transactions one at a time, so few and large ones are kinder to it.
 */
export class PostgresPublisher {
  private readonly pool: Pool;
  private waiting: Notification[] = [];
  private sending: Promise<void> | null = null;
  private isStopped = false;

  constructor(config: AppConfig) {
    this.pool = createPool(config, { max: 1 });
  }

  notify(channel: string, payload: string): void {
    if (this.isStopped || this.waiting.length >= WAITING_MAX) return;
    this.waiting.push({ channel, payload });
    this.sending ??= this.send();
  }

  /** Ends the connection when what waits has been sent. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    await this.sending;
    await this.pool.end();
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      const values = [batch.map(({ channel }) => channel), batch.map(({ payload }) => payload)];
      await this.pool.query({ name: 'announce', text: NOTIFY, values }).catch(() => {
        // Late hints help nobody: what waited behind these is as old as the failure took.
        this.waiting = [];
      });
    }
    this.sending = null;
  }
}

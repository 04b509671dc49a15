import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from './config/app-config';
import { createApp } from './create-app';
import { checkDurability } from './database/durability';
import { EmbeddedPostgres } from './database/embedded-postgres';
import { migrate } from './database/migrate';
import { waitForDatabase } from './database/wait-for-database';
import { Drain } from './realtime/drain';

/** The least that what a drain leaves to the framework may take: requests under way, pools. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A connection whose last request has been answered need not wait for another. */
const IDLE_LOOK_MS = 100;

/**
 * Beside the pool for requests: those of the log, searches, their indexing and the broker; commands run by hand; what
 * PostgreSQL reserves.
 */
const OTHER_CONNECTIONS = 50;

/** The whole of the server: its PostgreSQL, unless it is given one, and the application on top. */
export class Server {
  private readonly logger = new Logger(Server.name);
  private postgres: EmbeddedPostgres | null = null;
  private app: NestExpressApplication | null = null;

  constructor(private readonly config: AppConfig) {}

  /** Resolves with the port once the server listens. After a failure, `stop` ends what had been started. */
  async start(): Promise<number> {
    const config = { ...this.config, databaseUrl: await this.databaseUrl() };
    await waitForDatabase(config);
    await checkDurability(config);
    for (const migration of await migrate(config)) this.logger.log(`Ran the migration ${migration}`);

    this.app = await createApp(config);
    return this.listen(this.app);
  }

  /** Takes no more work, finishes what it has, and ends everything that `start` started. */
  async stop(): Promise<void> {
    if (this.app) await this.drainAndClose(this.app);
    await this.postgres?.stop();
  }

  /** `app.listen` would log a failure in its own way; whoever starts the server tells of it. */
  private async listen(app: NestExpressApplication): Promise<number> {
    await app.init();
    app.getHttpAdapter().listen(this.config.port, this.config.host);
    await once(app.getHttpServer(), 'listening');
    const { port } = app.getHttpServer().address() as AddressInfo;
    if (new URL(this.config.publicUrl).port === '0')
      this.logger.warn(`PORT=0 needs PUBLIC_URL: pages of http://localhost:${port} may not open sockets`);
    return port;
  }

  private async databaseUrl(): Promise<string> {
    if (this.config.databaseUrl !== null) return this.config.databaseUrl;
    const { dataDir, databasePoolSize } = this.config;
    this.postgres = new EmbeddedPostgres({ dataDir, maxConnections: databasePoolSize + OTHER_CONNECTIONS });
    return (await this.postgres.start()).url;
  }

  private async drainAndClose(app: NestExpressApplication): Promise<void> {
    const startedAt = performance.now();
    await app.get(Drain).start();
    const left = this.config.drainTimeoutMs - (performance.now() - startedAt);
    const closed = app.close().catch((error: unknown) => this.logger.error('Closing failed', error));
    const looks = setInterval(() => app.getHttpServer().closeIdleConnections(), IDLE_LOOK_MS);
    const patience = delay(Math.max(CLOSE_TIMEOUT_MS, left), undefined, { ref: false });
    await Promise.race([closed, patience]);
    clearInterval(looks);
  }
}

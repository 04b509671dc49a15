import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import type { AppConfig } from '../../src/config/app-config';
import { createApp } from '../../src/create-app';
import { aTestConfig } from './test-config';
import { createTestDatabase } from './test-database';

/** A running server with a database of its own. */
export interface TestServer {
  /** `http://127.0.0.1:port`, without a path. */
  url: string;
  /** `ws://127.0.0.1:port`, without a path. */
  wsUrl: string;
  config: AppConfig;
  app: NestExpressApplication;
  dataSource: DataSource;
  /** Stops the server and drops its database, unless it was given one. */
  stop(): Promise<void>;
}

/** Starts the whole application. With `databaseUrl`, on that database: a second node, or a restart. */
export async function startTestServer(overrides: Partial<AppConfig> = {}): Promise<TestServer> {
  const database = overrides.databaseUrl ? null : await createTestDatabase();
  const config = aTestConfig({ databaseUrl: database?.url ?? null, ...overrides });
  const app = await createApp(config);
  // Otherwise an idle connection ends in the moment in which a slow machine's client takes it for its next request.
  app.getHttpServer().keepAliveTimeout = 0;
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    config,
    app,
    dataSource: app.get(DataSource),
    stop: async () => {
      await app.close();
      await database?.drop();
    },
  };
}

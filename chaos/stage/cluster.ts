import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { BreakablePostgres } from '../../test/support/breakable-postgres';
import { DatabaseProxy } from '../../test/support/database-proxy';
import { RedisServer } from '../../test/support/redis-server';
import { buildServer } from '../../test/support/server-process';
import { TcpProxy } from '../../test/support/tcp-proxy';
import { ChaosNode } from './chaos-node';

export type BrokerKind = 'postgres' | 'redis';

export interface ClusterOptions {
  nodes: number;
  broker: BrokerKind;
  /** Whether PostgreSQL counts what it is asked. */
  countsStatements?: boolean;
  /** Settings of the nodes beside those that the faults need. */
  env?: Record<string, string>;
}

export const JWT_SECRET = 'only-the-fault-runner-knows-this-5f0e2c9a';

/** Short, so that no run waits for them; a client that answers is never concerned. */
const SETTINGS = {
  JWT_SECRET,
  RATE_LIMITS: 'off',
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
  HEARTBEAT_SECONDS: '1',
  HEARTBEAT_TIMEOUT_SECONDS: '2',
  STUCK_READER_SECONDS: '2',
  LOG_LEVEL: 'info',
  DOCS: 'off',
};

/** A Redis, and what stands between each node and it. */
export interface RedisStage {
  server: RedisServer;
  proxies: TcpProxy[];
}

/** Real nodes on a real PostgreSQL and, if they are to, a real Redis, with a proxy between each node and either. */
export class Cluster {
  readonly nodes: ChaosNode[] = [];
  readonly proxies: DatabaseProxy[] = [];
  /** What ended without having been killed. */
  readonly deaths: string[] = [];
  private stopping: Promise<void> | null = null;
  private readonly directory = mkdtempSync(join(tmpdir(), 'simple-chat-chaos-'));

  private constructor(
    readonly postgres: BreakablePostgres,
    readonly redis: RedisStage | null,
  ) {
    chmodSync(this.directory, 0o755);
  }

  static async start({
    nodes,
    broker,
    countsStatements = false,
    env = {},
  }: ClusterOptions): Promise<Cluster> {
    buildServer();
    const redis = broker === 'redis' ? { server: await RedisServer.start(), proxies: [] } : null;
    const preloads: Record<string, string> = countsStatements
      ? { shared_preload_libraries: 'pg_stat_statements' }
      : {};
    const cluster = new Cluster(await BreakablePostgres.create(preloads), redis);
    for (let n = 1; n <= nodes; n++) {
      const proxy = await DatabaseProxy.start(cluster.postgres.url);
      cluster.proxies.push(proxy);
      const settings = {
        ...SETTINGS,
        APP_NAME: `node ${n}`,
        DATABASE_URL: proxy.url,
        DATA_DIR: cluster.directory,
        ...(await cluster.brokerSettings()),
        ...env,
      };
      cluster.nodes.push(
        new ChaosNode(`node ${n}`, cluster.directory, settings, (what) => cluster.deaths.push(what)),
      );
    }
    await Promise.all(cluster.nodes.map((node) => node.start()));
    return cluster;
  }

  /** A session on the database that no proxy disturbs. The caller ends it. */
  async database(): Promise<Client> {
    const client = new Client(this.postgres.url);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Ends every process and removes what they wrote; without effect the second time. */
  stop(): Promise<void> {
    this.stopping ??= this.clear();
    return this.stopping;
  }

  private async clear(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGKILL')));
    for (const proxy of [...this.proxies, ...(this.redis?.proxies ?? [])]) proxy.stop();
    await this.redis?.server.stop();
    await this.postgres.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async brokerSettings(): Promise<Record<string, string>> {
    if (!this.redis) return { BROKER: 'postgres' };
    const proxy = await TcpProxy.to({ host: '127.0.0.1', port: this.redis.server.port });
    this.redis.proxies.push(proxy);
    return { BROKER: 'redis', REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
  }
}

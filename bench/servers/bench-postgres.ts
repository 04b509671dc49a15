import { chmodSync } from 'node:fs';
import { Client } from 'pg';
import { EMBEDDED_DATABASE } from '../../src/database/embedded-url';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { makeDirectory, removeDirectory } from '../leftovers';
import { familyOf, parentOf, type Usage, usageOf } from './process-usage';

const MAX_CONNECTIONS = 200;

/**
 * The PostgreSQL of a run: the one that the product starts for itself, with its settings, so durable. Every server that
 * keeps what it is sent uses it, each with a database of its own.
 */
export class BenchPostgres {
  private databases = 0;

  private constructor(
    private readonly dataDir: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly adminUrl: string,
    readonly version: string,
    /** Null where there is no /proc. */
    private readonly postmasterPid: number | null,
  ) {}

  static async start(): Promise<BenchPostgres> {
    const dataDir = makeDirectory('simple-chat-bench-');
    // PostgreSQL's account has to get in when the run is root's.
    chmodSync(dataDir, 0o755);
    const options = { dataDir, maxConnections: MAX_CONNECTIONS };
    let postgres = new EmbeddedPostgres(options);
    try {
      // It counts what it is asked, whoever asks: what that costs is the same for all.
      const preload = `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`;
      await ask((await postgres.start()).url, preload);
      await postgres.stop();
      postgres = new EmbeddedPostgres(options);
      const { url } = await postgres.start();
      const { version, postmaster } = await withClient(url, async (client) => {
        const { rows } = await client.query<{ version: string; pid: number }>(
          `SELECT current_setting('server_version') AS version, pg_backend_pid() AS pid`,
        );
        // While the session lives: its process is the postmaster's child.
        return { version: rows[0]!.version, postmaster: parentOf(rows[0]!.pid) };
      });
      return new BenchPostgres(dataDir, postgres, url, version, postmaster);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  /** Makes an empty database, or a copy of another that nobody uses, and gives its URL. */
  async createDatabase(template?: string): Promise<string> {
    const name = `bench_${++this.databases}`;
    await ask(this.adminUrl, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${nameIn(template)}` : ''}`);
    return this.adminUrl.replace(`/${EMBEDDED_DATABASE}?`, `/${name}?`);
  }

  async dropDatabase(url: string): Promise<void> {
    await ask(this.adminUrl, `DROP DATABASE ${nameIn(url)} WITH (FORCE)`);
  }

  /** What all of PostgreSQL's processes have used. */
  usage(): Usage | null {
    return this.postmasterPid === null ? null : usageOf(familyOf(this.postmasterPid));
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    removeDirectory(this.dataDir);
  }
}

/** Lends a connection. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // What is asked fails with it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ask(url: string, statement: string): Promise<void> {
  await withClient(url, (client) => client.query(statement));
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

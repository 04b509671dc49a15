import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate } from '../../src/database/migrate';
import { findPostgres, type PostgresBinaries } from '../../src/database/postgres-binaries';
import { initCluster } from '../../src/database/postgres-cluster';
import { preparePostgresHome, type PostgresHome } from '../../src/database/postgres-home';
import { Postmaster } from '../../src/database/postmaster';
import { aTestConfig } from './test-config';

const STOP_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const POLL_MS = 20;

/** A migrated PostgreSQL of a test's own, as durable as in production, that can be broken in many ways. */
export class BreakablePostgres {
  private postmaster: Postmaster;
  private frozen: number[] = [];

  private constructor(
    private readonly directory: string,
    private readonly home: PostgresHome,
    private readonly binaries: PostgresBinaries,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async create(settings: Readonly<Record<string, string>> = {}): Promise<BreakablePostgres> {
    const directory = mkdtempSync(join(tmpdir(), 'simple-chat-broken-'));
    // As root, PostgreSQL runs as somebody else, who has to get in.
    chmodSync(directory, 0o755);
    const home = preparePostgresHome(directory);
    const binaries = await findPostgres(home.account, home.copiesDir);
    await initCluster(binaries.initdb, home, false);
    const postgres = new BreakablePostgres(directory, home, binaries, settings);
    await postgres.start();
    await migrate(aTestConfig({ databaseUrl: postgres.url }));
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@localhost/postgres?host=${encodeURIComponent(this.home.socketDir)}`;
  }

  /** Resolves once it takes connections. */
  async start(): Promise<void> {
    for (this.launch(); ; await delay(POLL_MS)) {
      if (await this.takesConnections()) return;
      // Processes that outlived a killed postmaster keep the next one out for a moment.
      if (!this.postmaster.isRunning) this.launch();
    }
  }

  /** `immediate` and `kill` leave no time to say goodbye. Resolves once the postmaster has ended. */
  async stop(how: keyof typeof STOP_SIGNALS): Promise<void> {
    process.kill(this.pid, STOP_SIGNALS[how]);
    await this.postmaster.ended;
  }

  /** Stops every process in its tracks: connections stay open and nobody answers. */
  freeze(): void {
    const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([, parent]) => parent === this.pid)
      .map(([pid]) => pid!);
    this.frozen = [this.pid, ...children];
    for (const pid of this.frozen) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.frozen.splice(0)) process.kill(pid, 'SIGCONT');
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    this.thaw();
    await this.postmaster.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get pid(): number {
    return Number(readFileSync(join(this.home.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  private launch(): void {
    this.postmaster = new Postmaster(this.binaries.postgres, this.home, {
      ...this.settings,
      listen_addresses: '',
      unix_socket_directories: this.home.socketDir,
    });
  }

  private async takesConnections(): Promise<boolean> {
    const client = new Client(this.url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

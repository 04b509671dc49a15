import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { EMBEDDED_DATABASE, embeddedUrl } from './embedded-url';
import { findPostgres, type PostgresBinaries } from './postgres-binaries';
import { initCluster, removeUnfinished } from './postgres-cluster';
import { preparePostgresHome, removeSocketDir, type PostgresHome } from './postgres-home';
import { DataDirInUseError, endLeftover, OWNER_LOCK } from './postgres-leftover';
import { Postmaster } from './postmaster';

const POLL_MS = 50;
const CONNECT_TIMEOUT_MS = 5_000;
/** Recovery after a crash may have much to replay. */
const READY_TIMEOUT_MS = 300_000;
const RETRY_DELAY_MS = { first: 100, longest: 5_000 };

/**
 * By themselves they would follow from the small segments (`postgres-cluster.ts`): a checkpoint every 64 MB, a buffer of
 * 1 MB. Segments up to the smaller size are kept to be written again.
 */
const WAL_SIZES = { min_wal_size: '256MB', max_wal_size: '1GB', wal_buffers: '4MB' };

export interface EmbeddedPostgresOptions {
  /** PostgreSQL's files come into `postgres` below it. */
  dataDir: string;
  /** Default 100. */
  maxConnections?: number;
  /** False gives up safety for speed, for tests. Default true. */
  isDurable?: boolean;
}

/**
 * The PostgreSQL that comes with the packages, run by this process.
 *
 * It listens on a unix socket that only its account and root can reach, ends with this process, however that ends,
 * and is started again when it dies. One server at a time may use a data directory.
 */
export class EmbeddedPostgres {
  private readonly logger = new Logger(EmbeddedPostgres.name);
  private home: PostgresHome;
  private binaries: PostgresBinaries;
  private postmaster: Postmaster | null = null;
  /** Settles when nothing is being launched. */
  private launching: Promise<void> = Promise.resolve();
  /** The session whose lock tells other servers that this one is alive. */
  private ownerSession: Client | null = null;
  private isStopping = false;

  constructor(private readonly options: EmbeddedPostgresOptions) {}

  /**
   * Resolves once PostgreSQL takes connections.
   *
   * @throws DataDirInUseError when another server uses the directory
   */
  async start(): Promise<{ url: string }> {
    this.home = preparePostgresHome(this.options.dataDir);
    const place = join(resolve(this.options.dataDir), 'postgres');
    if (this.home.directory !== place) {
      this.logger.warn(
        `The database lies in ${this.home.directory}, where ${place} leads: a backup needs that directory, too`,
      );
    }
    this.binaries = await findPostgres(this.home.account, this.home.copiesDir);
    await this.launch();
    return { url: embeddedUrl(this.home.socketDir) };
  }

  /** Ends PostgreSQL. Resolves once it has ended, ten seconds later at most. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.ownerSession?.end().catch(() => undefined);
    await this.postmaster?.stop();
    // One that was just being started again would otherwise come up after this, and keep the directory from the next server.
    await this.launching.catch(() => undefined);
    if (this.home) removeSocketDir(this.home);
  }

  private launch(): Promise<void> {
    this.launching = this.bringUp();
    return this.launching;
  }

  private async bringUp(): Promise<void> {
    const { home, binaries } = this;
    const isDurable = this.options.isDurable ?? true;
    await endLeftover(home.data);
    await initCluster(binaries.initdb, home, isDurable);
    if (this.isStopping) return;
    const postmaster = new Postmaster(binaries.postgres, home, {
      listen_addresses: '',
      unix_socket_directories: home.socketDir,
      unix_socket_permissions: '0700',
      max_connections: this.options.maxConnections ?? 100,
      timezone: 'UTC',
      log_timezone: 'UTC',
      fsync: isDurable ? 'on' : 'off',
      synchronous_commit: isDurable ? 'on' : 'off',
      full_page_writes: isDurable ? 'on' : 'off',
      // What it does, not what was asked of it: statements carry what people wrote.
      log_min_messages: 'log',
      log_min_error_statement: 'panic',
      log_checkpoints: 'off',
      ...WAL_SIZES,
    });
    this.postmaster = postmaster;
    try {
      await this.takeOwnership(postmaster);
      await removeUnfinished(home);
    } catch (error) {
      await postmaster.stop();
      throw error;
    }
    if (this.isStopping) return postmaster.stop();
    void postmaster.ended.then(() => this.relaunch(postmaster));
  }

  /** Connects as soon as PostgreSQL lets it, takes the owner's lock and makes the database. */
  private async takeOwnership(postmaster: Postmaster): Promise<void> {
    const session = await this.connect(postmaster);
    try {
      await this.lockAndPrepare(session);
    } catch (error) {
      await session.end().catch(() => undefined);
      throw error;
    }
    this.ownerSession = session;
    session.once('end', () => void this.retakeOwnership(postmaster));
  }

  private async lockAndPrepare(session: Client): Promise<void> {
    const lock = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      OWNER_LOCK,
    ]);
    if (!lock.rows[0]?.taken) throw new DataDirInUseError(this.home.data);
    const found = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (found.rowCount === 0) await session.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  }

  /** The session can die without the postmaster: when one of its processes crashes, it ends them all. */
  private async retakeOwnership(postmaster: Postmaster): Promise<void> {
    for (;;) {
      await delay(RETRY_DELAY_MS.first, undefined, { ref: false });
      if (this.isStopping || !postmaster.isRunning || this.postmaster !== postmaster) return;
      try {
        return await this.takeOwnership(postmaster);
      } catch (error) {
        this.logger.warn(`Reconnecting to PostgreSQL: ${(error as Error).message}`);
      }
    }
  }

  private async connect(postmaster: Postmaster): Promise<Client> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    for (;;) {
      const session = new Client({
        host: this.home.socketDir,
        user: 'postgres',
        database: 'postgres',
        application_name: 'simple-chat owner',
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      });
      session.on('error', () => undefined);
      try {
        await session.connect();
        return session;
      } catch (cause) {
        await session.end().catch(() => undefined);
        if (!postmaster.isRunning || performance.now() > deadline) throw this.startFailure(postmaster, cause);
      }
      await delay(POLL_MS);
    }
  }

  private startFailure(postmaster: Postmaster, cause: unknown): Error {
    const log = postmaster.logTail();
    const isTaken = log.includes('lock file "postmaster.pid" already exists');
    if (isTaken) return new DataDirInUseError(this.home.data);
    return new Error(`PostgreSQL did not start in ${this.home.data}: ${log}`, { cause });
  }

  private async relaunch(ended: Postmaster): Promise<void> {
    if (!this.isStopping)
      this.logger.error(`PostgreSQL has ended; starting it again. It wrote: ${ended.logTail()}`);
    let waitMs = RETRY_DELAY_MS.first;
    while (!this.isStopping) {
      try {
        await this.launch();
        if (!this.isStopping) this.logger.log('PostgreSQL runs again');
        return;
      } catch (error) {
        this.logger.error(`PostgreSQL does not start: ${(error as Error).message}`);
      }
      await delay(waitMs, undefined, { ref: false });
      waitMs = Math.min(waitMs * 2, RETRY_DELAY_MS.longest);
    }
  }
}

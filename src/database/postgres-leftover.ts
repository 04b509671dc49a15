import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { OperatorError } from '../common/operator-error';

/** The name of the advisory lock that a server holds on its embedded PostgreSQL as long as it lives. */
export const OWNER_LOCK = 5_018_332_047;

const POLL_MS = 200;
/** A server that has just started PostgreSQL takes its lock within this time. */
const LOOKS_BEFORE_EVICTION = 5;
const DEADLINE_MS = 30_000;

/** Another living server uses the directory. */
export class DataDirInUseError extends OperatorError {
  constructor(
    directory: string,
    /** Where its PostgreSQL listens, if that is known. */
    readonly socketDir: string | null = null,
  ) {
    super(`Another server uses the data in ${directory}: stop it first, or choose another DATA_DIR.`);
  }
}

/**
 * Makes sure that no PostgreSQL runs on `data`: one whose server was killed is ended, and its end waited for.
 *
 * @throws DataDirInUseError when the server of the one that runs is alive
 */
export async function endLeftover(data: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  let looksWithoutOwner = 0;
  for (;;) {
    const postmaster = findPostmaster(data);
    if (postmaster === null) return;
    const owner = await findOwner(postmaster);
    if (owner === 'alive') throw new DataDirInUseError(data, postmaster.socketDir);
    if (owner === 'none' && ++looksWithoutOwner === LOOKS_BEFORE_EVICTION) {
      process.kill(postmaster.pid, 'SIGINT');
    }
    if (performance.now() > deadline) {
      throw new Error(`PostgreSQL (process ${postmaster.pid}) runs on ${data} and neither answers nor ends.`);
    }
    await delay(POLL_MS);
  }
}

interface RunningPostmaster {
  pid: number;
  port: number;
  socketDir: string;
}

/** The postmaster that `postmaster.pid` names, if it lives. A number that now belongs to something else is forgotten. */
function findPostmaster(data: string): RunningPostmaster | null {
  const file = join(data, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  const program = Number.isInteger(pid) && pid > 0 ? programOf(pid) : null;
  if (program === null) return null;
  if (program !== 'postgres') {
    rmSync(file);
    return null;
  }
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '' };
}

/** The name of the program that a process runs; null if there is no such process. */
function programOf(pid: number): string | null {
  try {
    const program =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]
        : execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return program ? basename(program) : null;
  } catch {
    return null;
  }
}

/** Whether a server holds the owner's lock; `unknown` while PostgreSQL starts, stops or does not answer. */
async function findOwner({ socketDir, port }: RunningPostmaster): Promise<'alive' | 'none' | 'unknown'> {
  const client = new Client({
    host: socketDir,
    port,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = $1`,
      [OWNER_LOCK],
    );
    return rowCount === 0 ? 'none' : 'alive';
  } catch {
    return 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { execFile } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresHome } from './postgres-home';

const run = promisify(execFile);

const INITDB_OPTIONS = [
  '--username=postgres',
  // Nobody but the account and root reaches the socket.
  '--auth=trust',
  '--encoding=UTF8',
  // The same order on every machine, whatever its locales.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  // A new segment is filled with zeros by the commit that needs it: 16 MB keep everyone waiting for 40 ms, 1 MB for 2.
  '--wal-segsize=1',
];

/**
 * Makes the database files where there are none. They are made aside and put in place in one step:
 * a start that is cut short leaves nothing half done.
 */
export async function initCluster(initdb: string, home: PostgresHome, isDurable: boolean): Promise<void> {
  if (existsSync(home.data)) return;
  const aside = await mkdtemp(join(home.directory, 'initdb-'));
  try {
    if (home.account !== null) chownSync(aside, home.account.uid, home.account.gid);
    const options = isDurable ? INITDB_OPTIONS : [...INITDB_OPTIONS, '--no-sync'];
    await run(initdb, ['-D', aside, ...options], { ...home.account, cwd: aside, env: { LC_ALL: 'C' } });
    await rename(aside, home.data);
  } catch (cause) {
    await rm(aside, { recursive: true, force: true });
    // Somebody else was first.
    if (existsSync(home.data)) return;
    throw new Error(`${basename(initdb)} failed in ${home.directory}`, { cause });
  }
  await syncDirectory(home.directory);
}

/** So that the new name survives a power cut, too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** The operating system's account that PostgreSQL runs as. */
export interface PostgresAccount {
  uid: number;
  gid: number;
}

/**
 * Whom PostgreSQL runs as: null for the server's own account. PostgreSQL refuses to run as root, so for root it is
 * the owner of the data directory if there is one, else `postgres`, else `nobody`.
 */
export function postgresAccount(dataDirectory: string): PostgresAccount | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = findAccount('postgres') ?? findAccount('nobody');
  if (!account)
    throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody.');
  return account;
}

function findAccount(name: string): PostgresAccount | null {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** Whether the account can reach the directory and write in it. */
export function canWrite(account: PostgresAccount, directory: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', directory], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

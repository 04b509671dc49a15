import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../common/operator-error';
import { canWrite, postgresAccount, type PostgresAccount } from './postgres-account';

/** Where a server that runs as root keeps what PostgreSQL's account could not reach elsewhere. */
const SHARED_HOME = '/var/lib/simple-chat';

/** The system limits the path of a socket to 107 bytes; PostgreSQL adds a file name of 15. */
const SOCKET_DIR_MAX_BYTES = 107 - '/.s.PGSQL.5432'.length - 1;

/** Says of a directory that a link leads to it: whoever comes to its place without the link begins anew. */
const LINKED = 'linked';

/** Another server may start at the same moment, and make the same directory or put its link there in between. */
const TRIES = 10;

/** The places of one embedded PostgreSQL, made and owned as PostgreSQL wants them. */
export interface PostgresHome {
  /** Null: the server's own account. */
  account: PostgresAccount | null;
  /** Holds the other two, and the log of PostgreSQL. */
  directory: string;
  /** The database itself; absent until `initdb` has run. */
  data: string;
  /** Only the account and root may enter, so whoever connects here needs no password. */
  socketDir: string;
  /** Where copies of the programs may be kept. */
  copiesDir: string;
}

/**
 * Prepares the home of PostgreSQL in `dataDir`. For root, where PostgreSQL's account cannot reach that (it lies under
 * /root), it is made elsewhere, and a link in its place leads there, also when `dataDir` is moved.
 *
 * @throws OperatorError when a database that is there cannot be reached
 */
export function preparePostgresHome(dataDir: string): PostgresHome {
  for (let left = TRIES; ; left--) {
    try {
      return prepareOnce(dataDir);
    } catch (error) {
      if (error instanceof OperatorError || left === 1) throw error;
    }
  }
}

function prepareOnce(dataDir: string): PostgresHome {
  const place = join(resolve(dataDir), 'postgres');
  const wanted = followLink(place);
  const account = postgresAccount(join(wanted, 'data'));
  makeDirectory(wanted, account);
  if (account === null) return homeIn(wanted, account, wanted);
  if (canWrite(account, wanted)) return homeIn(wanted, account, SHARED_HOME);

  if (existsSync(join(wanted, 'data')))
    throw new OperatorError(
      `PostgreSQL does not run as root, and its account cannot reach the database in ${wanted}: put DATA_DIR where it can.`,
    );
  if (mkdirSync(SHARED_HOME, { recursive: true })) chmodSync(SHARED_HOME, 0o755);
  const former = formerHome(place);
  const elsewhere = giveTo(account, former ?? mkdtempSync(join(SHARED_HOME, 'chat-')));
  try {
    rmdirSync(place);
    symlinkSync(elsewhere, place);
  } catch (error) {
    if (former === null) rmdirSync(elsewhere);
    throw error;
  }
  if (former !== null) writeFileSync(join(former, LINKED), '');
  return homeIn(elsewhere, account, SHARED_HOME);
}

/** Where a link leads; what is none, or not there, is the place itself. */
function followLink(place: string): string {
  if (!isLink(place)) return place;
  try {
    return realpathSync(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? 'which is missing: bring it back, or remove that link to begin anew'
        : `which this user cannot reach (${code})`;
    throw new OperatorError(
      `DATA_DIR keeps its database in ${readlinkSync(place)} (${place} leads there), ${problem}.`,
      { cause: error },
    );
  }
}

function isLink(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Where the database was when there were no links, and the name followed from the place; null once it has been linked. */
function formerHome(place: string): string | null {
  const name = createHash('sha256').update(place).digest('hex').slice(0, 12);
  const former = join(SHARED_HOME, name);
  return existsSync(former) && !existsSync(join(former, LINKED)) ? former : null;
}

function homeIn(directory: string, account: PostgresAccount | null, copiesDir: string): PostgresHome {
  return {
    account,
    directory,
    data: join(directory, 'data'),
    socketDir: socketDir(directory, account),
    copiesDir,
  };
}

function socketDir(directory: string, account: PostgresAccount | null): string {
  const beside = join(directory, 'run');
  // PostgreSQL takes a list of directories here, so a name with a comma or a quote would be misread.
  const isUsable = Buffer.byteLength(beside) <= SOCKET_DIR_MAX_BYTES && /^[\w/.-]+$/.test(beside);
  if (isUsable) return makeDirectory(beside, account);
  return giveTo(account, mkdtempSync('/tmp/simple-chat-'));
}

/** Leaves nothing in /tmp. */
export function removeSocketDir({ directory, socketDir }: PostgresHome): void {
  if (dirname(socketDir) !== directory) rmSync(socketDir, { recursive: true, force: true });
}

function makeDirectory(path: string, account: PostgresAccount | null): string {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return giveTo(account, path);
}

function giveTo(account: PostgresAccount | null, path: string): string {
  if (account !== null) chownSync(path, account.uid, account.gid);
  return path;
}

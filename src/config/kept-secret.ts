import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/** The secret kept in `dataDir`, which is made at the first call. Servers that start at once agree on one. */
export function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  return readSecret(file) ?? makeSecret(file, dataDir);
}

function makeSecret(file: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${secret}\n`, { mode: 0o600, flush: true });
  try {
    // A link appears whole or not at all, and fails where there is one: nobody reads half a secret.
    linkSync(aside, file);
    return secret;
  } catch (error) {
    const others = readSecret(file);
    if (others === null) throw error;
    return others;
  } finally {
    rmSync(aside);
  }
}

function readSecret(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REDOC_SCRIPT = 'redoc.standalone.js';
/** The build puts the script beside this file; where the sources run themselves, its package is installed. */
const DIRECTORIES = [join(__dirname, 'assets'), join(__dirname, '../../node_modules/redoc/bundles')];

/** All that it loads from elsewhere, without an option against it; our policy would refuse it, aloud. */
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const TRANSPARENT_PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

/** ReDoc with nothing that it loads from elsewhere; null where it is not installed. */
export function readRedocScript(): Buffer | null {
  const path = DIRECTORIES.map((directory) => join(directory, REDOC_SCRIPT)).find(existsSync);
  if (path === undefined) return null;
  return Buffer.from(readFileSync(path, 'utf8').replaceAll(LOGO, TRANSPARENT_PIXEL));
}

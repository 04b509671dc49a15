import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ServerCommand } from './server-process';

const BUN = 'bun';
const COLLECT_ON_SIGNAL = join(__dirname, 'collect-on-signal.cjs');

/** What runs a server, and with which arguments. */
export type Program = Pick<ServerCommand, 'executable' | 'args'>;

/** Built or to be compiled by what `args` preload. */
export function nodeProgram(...args: string[]): Program {
  return { executable: process.execPath, args: ['--expose-gc', '-r', COLLECT_ON_SIGNAL, ...args] };
}

export function bunProgram(file: string): Program {
  return { executable: BUN, args: [file] };
}

/** The version of the Bun that is on PATH; null where there is none. */
export function bunVersion(): string | null {
  try {
    return execFileSync(BUN, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

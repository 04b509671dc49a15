import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const processes = new Set<ChildProcess>();
const directories = new Set<string>();
let isOver = false;

/**
 * Takes note of a process just started, so that a run that is interrupted can end it, wherever it is. After that none
 * lives.
 */
export function noteProcess(child: ChildProcess): void {
  if (isOver) child.kill('SIGKILL');
  processes.add(child);
  child.once('exit', () => processes.delete(child));
}

/** Makes a directory of this process's own, whose name begins so. */
export function makeDirectory(prefix: string): string {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  directories.add(directory);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}

/** Resolves once every process has ended. */
export async function endProcesses(): Promise<void> {
  isOver = true;
  const living = [...processes].filter(
    ({ pid, exitCode, signalCode }) => pid !== undefined && exitCode === null && signalCode === null,
  );
  await Promise.all(
    living.map((child) => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      return exited;
    }),
  );
}

/** Once nobody writes to them any more. */
export function removeDirectories(): void {
  for (const directory of directories) removeDirectory(directory);
}

import { availableParallelism, cpus, totalmem } from 'node:os';
import { bunVersion } from '../servers/runtimes';

/** The machine of a run, as far as it matters for the figures and tells nobody where it stands. */
export function describeMachine(postgresVersion: string): string {
  const bun = bunVersion();
  const gib = Math.round(totalmem() / 1024 ** 3);
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${gib} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    ...(bun === null ? [] : [`Bun ${bun}`]),
    `PostgreSQL ${postgresVersion.split(' ')[0]}, durable`,
  ].join('; ');
}

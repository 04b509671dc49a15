import type { TestServer } from './test-server';
import { until } from './until';

/** Asks the database in question. */
interface Asker {
  /** Resolves with the rows. */
  query(statement: string, parameters: unknown[]): Promise<unknown[]>;
}

/** Resolves when somebody waits for the table. */
export function waitingFor(asker: Asker, table: string): Promise<void> {
  return until(async () => {
    // Other tests hold up others in the same cluster.
    const waiting = await asker.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [table],
    );
    expect(waiting).not.toEqual([]);
  });
}

/** Locks a table, so that whoever reads it waits until the returned function has been called. */
export async function holdTable(server: TestServer, table: string): Promise<() => Promise<void>> {
  const holder = server.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await holder.rollbackTransaction();
    await holder.release();
  };
}

import type { TestServer } from './test-server';

/** Resolves when somebody waits for the table. */
export async function waitingFor(server: TestServer, table: string): Promise<void> {
  for (;;) {
    const waiting = await server.dataSource.query<unknown[]>(
      'SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
      [table],
    );
    if (waiting.length > 0) return;
  }
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

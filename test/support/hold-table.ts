import type { TestServer } from './test-server';

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

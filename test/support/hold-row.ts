import type { TestServer } from './test-server';
import { until } from './until';

/** A row that a test keeps from everyone else. */
export interface HeldRow {
  /** Resolves when so many statements of the server wait for locks. */
  queue(length: number): Promise<void>;
  /** Lets them have it, in the order in which they came. */
  release(): Promise<void>;
}

/** Locks a row, so that whoever wants to change it waits. */
export async function holdRow(server: TestServer, table: 'rooms' | 'users', id: number): Promise<HeldRow> {
  const holder = server.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`SELECT FROM ${table} WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return {
    queue: (length) =>
      until(async () => {
        const waiting = await server.dataSource.query<unknown[]>(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(waiting).toHaveLength(length);
      }),
    release: async () => {
      await holder.rollbackTransaction();
      await holder.release();
    },
  };
}

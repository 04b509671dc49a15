import { withClient } from './bench-postgres';

const DEAREST = 12;
const TEXT_MAX_CHARS = 110;

export interface CountedStatement {
  text: string;
  calls: number;
  totalMs: number;
}

/** Begins to count the statements of a database anew. */
export async function resetStatements(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });
}

/** How often statements were run whose text has this in it. */
export async function countStatements(databaseUrl: string, part: string): Promise<number> {
  const all = await readStatements(databaseUrl);
  return all.filter(({ text }) => text.includes(part)).reduce((sum, { calls }) => sum + calls, 0);
}

export async function dearestStatements(databaseUrl: string): Promise<CountedStatement[]> {
  const all = await readStatements(databaseUrl);
  return all.slice(0, DEAREST).map((statement) => ({
    ...statement,
    text: statement.text.replace(/\s+/g, ' ').slice(0, TEXT_MAX_CHARS),
  }));
}

async function readStatements(databaseUrl: string): Promise<CountedStatement[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const { rows } = await client.query<CountedStatement>(`
      SELECT query AS text, calls::float8 AS calls, total_exec_time AS "totalMs" FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY total_exec_time DESC`);
    return rows;
  });
}

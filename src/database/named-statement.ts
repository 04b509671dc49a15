import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/** A statement that each connection parses and plans once and keeps under its name: two names, two statements. */
export interface NamedStatement {
  name: string;
  text: string;
}

/** Runs a statement on the data source's pool; TypeORM itself has no names for statements. */
export async function runNamed<Row extends QueryResultRow>(
  { driver }: DataSource,
  statement: NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { master } = driver as typeof driver & { master: Pool };
  const { rows } = await master.query<Row>({ ...statement, values: [...values] });
  return rows;
}

/** Runs a statement, named or not, and gives each row as the list of its columns: of wide rows that saves the driver half of its work. */
export async function runForRows<Row extends unknown[]>(
  { driver }: DataSource,
  statement: { name?: string; text: string },
  values: readonly unknown[],
): Promise<Row[]> {
  const { master } = driver as typeof driver & { master: Pool };
  const { rows } = await master.query<Row>({ ...statement, values: [...values], rowMode: 'array' });
  return rows;
}

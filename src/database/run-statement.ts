import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/** A statement that each connection parses and plans once and keeps under its name: two names, two statements. */
export interface NamedStatement {
  name: string;
  text: string;
}

/** Runs a statement on the data source's pool; TypeORM itself has no names for statements. */
export async function runNamed<Row extends QueryResultRow>(
  dataSource: DataSource,
  statement: NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await poolOf(dataSource).query<Row>({ ...statement, values: [...values] });
  return rows;
}

/** Runs a statement, named or not, and gives each row as the list of its columns: of wide rows that saves the driver half of its work. */
export async function runForRows<Row extends unknown[]>(
  dataSource: DataSource,
  statement: Partial<NamedStatement> & Pick<NamedStatement, 'text'>,
  values: readonly unknown[],
): Promise<Row[]> {
  const query = { ...statement, values: [...values], rowMode: 'array' as const };
  const { rows } = await poolOf(dataSource).query<Row>(query);
  return rows;
}

function poolOf({ driver }: DataSource): Pool {
  return (driver as typeof driver & { master: Pool }).master;
}

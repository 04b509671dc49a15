import type { Client } from 'pg';
import { nodesOf, type PlanNode, type Statement } from './statement-recorder';

/** What PostgreSQL makes of statements. */
export class Plans {
  constructor(private readonly client: Client) {}

  /** The plan for any values, as a prepared statement may get it. */
  generic({ text }: Statement): Promise<PlanNode> {
    return this.explain('GENERIC_PLAN', { text, values: [] });
  }

  /** The plan for its own values. */
  own(statement: Statement): Promise<PlanNode> {
    return this.explain('', statement);
  }

  /** The plan with what it took to carry it out: a statement that changes something does so. */
  measured(statement: Statement): Promise<PlanNode> {
    return this.explain('ANALYZE, BUFFERS, TIMING OFF', statement);
  }

  private async explain(options: string, { text, values }: Statement): Promise<PlanNode> {
    const { rows } = await this.client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (${[options, 'FORMAT JSON'].filter(Boolean).join(', ')}) ${text}`,
      values,
    );
    return rows[0]!['QUERY PLAN'][0].Plan;
  }
}

/** The nodes that read a table. */
export function scansOf(plan: PlanNode, table: string): PlanNode[] {
  return nodesOf(plan).filter(
    (node) => node['Relation Name'] === table && node['Node Type'].endsWith('Scan'),
  );
}

/** The rows that a plan has read of a table, thrown away or not. */
export function rowsReadOf(plan: PlanNode, table: string): number {
  return scansOf(plan, table).reduce((sum, node) => {
    const each = node['Actual Rows']! + (node['Rows Removed by Filter'] ?? 0);
    return sum + each * node['Actual Loops']!;
  }, 0);
}

export function blocksRead(plan: PlanNode): number {
  return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
}

/**
 * The indexes that messages are found by. Fails at any other way of finding them, and at one that passes over rooms.
 */
export function messageIndexesOf(plan: PlanNode): Set<string | undefined> {
  const lookups = scansOf(plan, 'messages').flatMap((node) => {
    expect(node['Node Type']).toMatch(/^(Index (Only )?|Bitmap Heap )Scan$/);
    return node['Node Type'] === 'Bitmap Heap Scan' ? bitmapsOf(node) : [node];
  });
  for (const node of lookups) expect(node['Index Cond']).toContain('room_id');
  return new Set(lookups.map((node) => node['Index Name']));
}

const bitmapsOf = (plan: PlanNode): PlanNode[] =>
  nodesOf(plan).filter((node) => node['Node Type'] === 'Bitmap Index Scan');

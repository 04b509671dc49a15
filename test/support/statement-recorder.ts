import { Client } from 'pg';

export interface Statement {
  text: string;
  values: unknown[];
}

/** Part of a plan as PostgreSQL explains it. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

/** Records what the server asks PostgreSQL. To be made before the server connects. */
export class StatementRecorder {
  private statements: Statement[] = [];

  constructor() {
    const record = (text: unknown, values: unknown) => this.take(text, values);
    const query = Client.prototype.query as (...query: unknown[]) => unknown;
    jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
      record(args[0], args[1]);
      return query.apply(this, args);
    });
  }

  /** The statements about a table that the act leads to. */
  async during(act: () => Promise<unknown>, table: string): Promise<Statement[]> {
    this.statements = [];
    await act();
    return this.statements.filter(({ text }) => text.includes(table));
  }

  private take(query: unknown, values: unknown): void {
    const named = typeof query === 'string' ? { text: query, values } : (query as Partial<Statement>);
    this.statements.push({ text: named.text ?? '', values: (named.values as unknown[]) ?? [] });
  }
}

/** Every node of a plan, the topmost first. */
export function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

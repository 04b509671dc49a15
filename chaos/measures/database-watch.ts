import type { Client } from 'pg';
import type { ChaosNode } from '../stage/chaos-node';
import type { Cluster } from '../stage/cluster';

const SAMPLE_MS = 100;
/** What every statement that reads messages has in it, and no other. */
const READS_MESSAGES = '%FROM messages%';

/** What a node wants of PostgreSQL for a while: how many connections, and how often messages are read. */
export class DatabaseWatch {
  private most: number;
  private readonly timer = setInterval(() => void this.look().catch(() => undefined), SAMPLE_MS);

  private constructor(
    private readonly session: Client,
    private readonly node: ChaosNode,
    readonly before: number,
  ) {
    this.most = before;
  }

  static async start(cluster: Cluster, node: ChaosNode): Promise<DatabaseWatch> {
    const session = await cluster.database();
    await session.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await session.query('SELECT pg_stat_statements_reset()');
    return new DatabaseWatch(session, node, await connectionsOf(session, node));
  }

  async stop(): Promise<{ connections: number; reads: number }> {
    clearInterval(this.timer);
    await this.look();
    const { rows } = await this.session.query<{ calls: number }>(
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE query LIKE $1`,
      [READS_MESSAGES],
    );
    await this.session.end();
    return { connections: this.most, reads: rows[0]!.calls };
  }

  private async look(): Promise<void> {
    this.most = Math.max(this.most, await connectionsOf(this.session, this.node));
  }
}

async function connectionsOf(session: Client, { name }: ChaosNode): Promise<number> {
  const { rows } = await session.query<{ count: number }>(
    'SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE $1',
    [`${name}%`],
  );
  return rows[0]!.count;
}

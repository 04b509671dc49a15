import type { EventEmitter } from 'node:events';
import { Client, type ClientConfig } from 'pg';
import { isUnanswered } from './database-error';

/** Parameters that PostgreSQL reports by itself, from version 14 on. */
const READ_ONLY = ['in_hot_standby', 'default_transaction_read_only'];

interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

/** What the driver keeps to itself. */
interface DriverConnection {
  connection: EventEmitter;
}

/**
 * A connection that ends when a query of its got no answer in time. The driver would go on using it, behind a query that
 * may never be answered: a connection that died without a word would be given to one request after the other.
 *
 * One to a server that takes no changes is no good: the way to the primary may lead to a standby for a moment, and the
 * connection would stay there. PostgreSQL says what it is at the start, and when that changes.
 *
 * One that PostgreSQL ends between two queries ends nothing else: its next query fails. The driver tells of it with an
 * event, too, and an error event that nobody listens to, as on a connection taken from its pool, would end the process.
 */
export class MortalClient extends Client {
  private takesNoChanges = false;

  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const { connection } = this as unknown as DriverConnection;
    connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (parameterValue === 'on' && READ_ONLY.includes(parameterName)) this.takesNoChanges = true;
    });
    const query = this.query.bind(this) as (...query: unknown[]) => unknown;
    Object.assign(this, {
      query: (...args: unknown[]) => {
        const result = query(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.endIfUnanswered(error));
        return result;
      },
    });
  }

  /** For a pool, which asks before it gives a new connection to anybody. */
  static verify(client: unknown, done: (error?: Error) => void): void {
    const isGood = !(client instanceof MortalClient && client.takesNoChanges);
    done(isGood ? undefined : new Error('Connection terminated: the server takes no changes'));
  }

  private endIfUnanswered(error: unknown): void {
    if (isUnanswered(error)) void this.end().catch(() => undefined);
  }
}

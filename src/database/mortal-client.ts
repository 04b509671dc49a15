import { Client, type ClientConfig } from 'pg';
import { isUnanswered } from './database-error';

/**
 * A connection that ends when a query of its got no answer in time. The driver would go on using it, behind a query that
 * may never be answered: a connection that died without a word would be given to one request after the other.
 *
 * One that PostgreSQL ends between two queries ends nothing else: its next query fails. The driver tells of it with an
 * event, too, and an error event that nobody listens to, as on a connection taken from its pool, would end the process.
 */
export class MortalClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query.bind(this) as (...query: unknown[]) => unknown;
    Object.assign(this, {
      query: (...args: unknown[]) => {
        const result = query(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.endIfUnanswered(error));
        return result;
      },
    });
  }

  private endIfUnanswered(error: unknown): void {
    if (isUnanswered(error)) void this.end().catch(() => undefined);
  }
}

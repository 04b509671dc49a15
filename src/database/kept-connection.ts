import { Logger } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';

const logger = new Logger('Database');

/**
 * A connection of a pool that is kept from one use to the next, until it fails.
 *
 * A pool gives even an idle connection only when everything that is to be done in this turn of the event loop has been
 * done, so a query could not go out before it, and PostgreSQL would wait.
 */
export class KeptConnection {
  private client: PoolClient | null = null;

  /** The pool, which nobody else uses, ends with this. */
  constructor(private readonly pool: Pool) {}

  /** The connection as it was left; null if there is none: `connect` makes one. */
  get current(): PoolClient | null {
    return this.client;
  }

  /** Rejects if PostgreSQL is out of reach, or if this has ended meanwhile. Not to be called twice at once. */
  async connect(): Promise<PoolClient> {
    const client = await this.pool.connect();
    if (this.pool.ending) {
      // The end of the pool waits for it.
      client.release(true);
      throw new Error('Connection terminated: the pool has ended');
    }
    client.once('error', (error: Error) =>
      logger.warn(`A connection to PostgreSQL was lost: ${error.message}`),
    );
    client.once('end', () => this.discard(client));
    this.client = client;
    return client;
  }

  /** Closes a connection, so that it is not used again; what is under way on it fails. */
  discard(client: PoolClient): void {
    if (this.client !== client) return;
    this.client = null;
    client.release(true);
  }

  /** Resolves when the connection and its pool have ended. */
  async end(): Promise<void> {
    if (this.client) this.discard(this.client);
    await this.pool.end();
  }
}

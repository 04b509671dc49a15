import type { Pool, PoolClient } from 'pg';
import { createPool } from '../../src/database/data-source-options';
import { isConnectionLoss } from '../../src/database/database-error';
import { KeptConnection } from '../../src/database/kept-connection';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let outsider: Pool;
let kept: KeptConnection;

beforeAll(async () => {
  database = await createTestDatabase();
  outsider = createPool(aTestConfig({ databaseUrl: database.url }));
});

beforeEach(() => {
  kept = aKeptConnection();
});

afterEach(() => kept.end());

afterAll(async () => {
  await outsider.end();
  await database.drop();
});

describe('a kept connection', () => {
  it('is there from its first use on', async () => {
    expect(kept.current).toBeNull();
    const client = await kept.connect();
    await client.query('SELECT 1');

    expect(kept.current).toBe(client);
  });

  it('is another one when PostgreSQL has ended it between two uses', async () => {
    const client = await kept.connect();
    const pid = await pidOf(client);
    const ended = new Promise((resolve) => client.once('end', resolve));
    await outsider.query('SELECT pg_terminate_backend($1)', [pid]);
    await ended;

    expect(kept.current).toBeNull();
    expect(await pidOf(await kept.connect())).not.toBe(pid);
  });

  it('is closed when it is discarded; discarding it once more leaves the next one alone', async () => {
    const client = await kept.connect();
    const pid = await pidOf(client);
    kept.discard(client);
    const next = await kept.connect();
    kept.discard(client);

    expect(kept.current).toBe(next);
    expect(await pidOf(next)).not.toBe(pid);
  });

  it('ends while it is being made, for nobody', async () => {
    const connecting = kept.connect().catch((error: unknown) => error);
    await kept.end();

    expect(isConnectionLoss(await connecting)).toBe(true);
    expect(kept.current).toBeNull();
    kept = aKeptConnection();
  });

  it('ends while something is under way on it, which fails', async () => {
    const client = await kept.connect();
    const sleeping = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    await kept.end();

    expect(await sleeping).toMatchObject({ message: expect.stringMatching(/terminated/i) });
    kept = aKeptConnection();
  });
});

function aKeptConnection(): KeptConnection {
  return new KeptConnection(createPool(aTestConfig({ databaseUrl: database.url }), { max: 1 }));
}

async function pidOf(client: PoolClient): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}

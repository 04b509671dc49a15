import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { MessageRepository } from '../../src/chat/message.repository';
import { PostgresRoomLog } from '../../src/chat/postgres-room-log';
import { SystemClock } from '../../src/common/clock';
import { createPool, dataSourceOptions } from '../../src/database/data-source-options';
import { KeptConnection } from '../../src/database/kept-connection';
import type { Appended } from '../../src/realtime/room-log';
import { aDraft } from '../support/a-message';
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
  kept = new KeptConnection(createPool(aTestConfig({ databaseUrl: database.url }), { max: 1 }));
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

  it('ends while something is under way on it, which fails', async () => {
    const client = await kept.connect();
    const sleeping = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    await kept.end();

    expect(await sleeping).toMatchObject({ message: expect.stringMatching(/terminated/i) });
    kept = new KeptConnection(createPool(aTestConfig({ databaseUrl: database.url }), { max: 1 }));
  });
});

describe('the log', () => {
  it('has PostgreSQL store a group while the rest of the turn goes on, as when the last group is announced', async () => {
    const config = aTestConfig({ databaseUrl: database.url });
    const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
    const log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
    await outsider.query(`INSERT INTO rooms (id, name) VALUES (1, 'one')`);
    await log.append([aDraft()]);

    const stored = log.append([aDraft()]);
    const turnEnds = performance.timeOrigin + performance.now() + 300;
    while (performance.timeOrigin + performance.now() < turnEnds);
    const [appended] = (await stored) as Appended[];

    expect(Date.parse(appended!.message.created_at)).toBeLessThan(turnEnds - 100);
    await log.onApplicationShutdown();
    await dataSource.destroy();
  });
});

async function pidOf(client: PoolClient): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}

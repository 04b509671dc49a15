import { once } from 'node:events';
import { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { createPool } from '../../src/database/data-source-options';
import { isConnectionLoss } from '../../src/database/database-error';
import { checkDurability } from '../../src/database/durability';
import { waitForDatabase } from '../../src/database/wait-for-database';
import { explainFailure } from '../../src/explain-failure';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(aTestConfig({ databaseUrl: database.url }), { max: 2 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a pool', () => {
  it('reads bigint as a number, and leaves the rest to the driver', async () => {
    const { rows } = await pool.query(
      `SELECT 9007199254740991 AS big, count(*) AS n, '{1,2}'::int[] AS list`,
    );

    expect(rows).toEqual([{ big: 9007199254740991, n: 1, list: [1, 2] }]);
  });

  it('gives signs of life on a connection that is silent', async () => {
    const keepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
    const another = createPool(aTestConfig({ databaseUrl: database.url }));
    await another.query('SELECT 1');
    await another.end();

    expect(keepAlive).toHaveBeenCalledWith(true, 10_000);
    keepAlive.mockRestore();
  });

  it('outlives the end of a connection that is idle', async () => {
    const idle = await pool.connect();
    const { rows } = await idle.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const killer = await pool.connect();
    idle.release();
    const noticed = once(pool, 'error');

    await killer.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    killer.release();
    await noticed;

    await expect(pool.query('SELECT 1 AS alive')).resolves.toMatchObject({ rows: [{ alive: 1 }] });
  });

  it('outlives the end of a connection that is lent out, whose next query is a connection loss', async () => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));

    await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    const error = await client.query('SELECT 1').catch((caught: unknown) => caught);
    client.release(true);

    expect(isConnectionLoss(error)).toBe(true);
    await expect(pool.query('SELECT 1 AS alive')).resolves.toMatchObject({ rows: [{ alive: 1 }] });
  });

  it('gives up waiting for a free connection, which counts as a loss', async () => {
    const busy = createPool(aTestConfig({ databaseUrl: database.url }), {
      max: 1,
      connectionTimeoutMillis: 50,
    });
    const client = await busy.connect();

    const error = await busy.query('SELECT 1').catch((caught: unknown) => caught);
    client.release();
    await busy.end();

    expect(isConnectionLoss(error)).toBe(true);
  });
});

describe('checkDurability', () => {
  it('refuses a database without fsync in production, and only there', async () => {
    const config = aTestConfig({ databaseUrl: database.url });

    await expect(checkDurability({ ...config, environment: 'production' })).rejects.toThrow('fsync');
    await expect(checkDurability({ ...config, environment: 'development' })).resolves.toBeUndefined();
  });
});

describe('waitForDatabase', () => {
  it('does not wait where waiting does not help', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';

    await expect(waitForDatabase(aTestConfig({ databaseUrl: url.href }))).rejects.toMatchObject({
      code: '3D000',
    });
  });

  it('tells what it waits for when that changes, and when it gives up; never as whom', async () => {
    const databaseUrl = 'postgres://hunter:hunter2@127.0.0.1:1/chat';
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);

    const error = await waitForDatabase(aTestConfig({ databaseUrl }), 1_500).catch((caught: Error) => caught);

    const problem = 'PostgreSQL cannot be used at 127.0.0.1:1 (ECONNREFUSED)';
    expect(warn.mock.calls).toEqual([[`${problem}; trying again`]]);
    expect(explainFailure(error)).toBe(`${problem}: start it, or choose another DATABASE_URL.`);
    warn.mockRestore();
  });

  it('waits for one that takes changes', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_read_only=on');

    await expect(waitForDatabase(aTestConfig({ databaseUrl: url.href }), 0)).rejects.toThrow(
      'the server takes no changes',
    );
  });
});

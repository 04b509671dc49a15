import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { openDatabase } from '../../src/database/open-database';
import { DataDirInUseError } from '../../src/database/postgres-leftover';
import { aTestConfig } from '../support/test-config';
import { until } from '../support/until';

// With fsync, and on slow disks.
jest.setTimeout(120_000);

let dataDir: string;
let postgres: EmbeddedPostgres;

// One directory for all: to make a database cluster takes longer than any of them.
beforeAll(() => {
  dataDir = mkdtempSync('/tmp/simple-chat-embedded-');
  chmodSync(dataDir, 0o755);
});
afterAll(() => rmSync(dataDir, { recursive: true }));

beforeEach(() => {
  postgres = new EmbeddedPostgres({ dataDir });
});
afterEach(() => postgres.stop());

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

function postmasterPid(): number {
  return Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was committed, and is durable unless told otherwise', async () => {
    const { url } = await postgres.start();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await postgres.stop();

    postgres = new EmbeddedPostgres({ dataDir });
    await postgres.start();

    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(
      await query(url, `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')`),
    ).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
  });

  it('orders text the same on every machine, and knows the case of all letters', async () => {
    const { url } = await postgres.start();

    expect(await query(url, `SELECT lower('ÄÖÜ') AS lower, 'B' < 'a' AS by_code_point`)).toEqual([
      { lower: 'äöü', by_code_point: true },
    ]);
  });

  it('refuses a second server on its directory, and does not mind', async () => {
    const { url } = await postgres.start();

    await expect(new EmbeddedPostgres({ dataDir }).start()).rejects.toThrow(DataDirInUseError);

    expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('refuses a second server on a copy of its directory that leads to the same database', async () => {
    await postgres.start();
    const copy = join(dataDir, 'copy');
    mkdirSync(copy);
    symlinkSync(join(dataDir, 'postgres'), join(copy, 'postgres'));

    await expect(new EmbeddedPostgres({ dataDir: copy }).start()).rejects.toThrow(DataDirInUseError);
  });

  it('lets a command in beside the server', async () => {
    await postgres.start();

    const { config, close } = await openDatabase(aTestConfig({ dataDir }));
    await close();

    expect(await query(config.databaseUrl ?? '', 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('removes what a start that was killed had begun to make', async () => {
    const unfinished = join(dataDir, 'postgres/initdb-Ab12Cd');
    mkdirSync(join(unfinished, 'base'), { recursive: true });

    await postgres.start();

    expect(existsSync(unfinished)).toBe(false);
    expect(existsSync(join(dataDir, 'postgres/data/base'))).toBe(true);
  });

  it('starts again when it is killed, with every committed row', async () => {
    const { url } = await postgres.start();
    await query(url, 'CREATE TABLE survivor AS SELECT 42 AS answer');
    const killed = postmasterPid();
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);

    process.kill(killed, 'SIGKILL');
    const rows = await until(() => query(url, 'SELECT answer FROM survivor'));

    expect(rows).toEqual([{ answer: 42 }]);
    expect(postmasterPid()).not.toBe(killed);
    expect(error).toHaveBeenCalledWith(expect.stringContaining('ready to accept connections'));
    error.mockRestore();
  });

  it('stays stopped when it is stopped while it starts again', async () => {
    // Each step of starting again is met by one of them or another.
    for (const afterMs of [0, 5, 10, 20, 40, 60, 80, 110, 150, 200]) {
      await postgres.start();
      process.kill(postmasterPid(), 'SIGKILL');
      await delay(afterMs);
      await postgres.stop();

      postgres = new EmbeddedPostgres({ dataDir });
      await expect(postgres.start()).resolves.toBeDefined();
      await postgres.stop();
      postgres = new EmbeddedPostgres({ dataDir });
    }
  });

  it('still refuses a second server after it has restarted its processes on its own', async () => {
    const { url } = await postgres.start();
    const walwriter = `SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'`;
    const owner = `SELECT pid FROM pg_locks WHERE locktype = 'advisory'`;
    const [crashing] = await query<{ pid: number }>(url, walwriter);

    process.kill(crashing?.pid ?? 0, 'SIGKILL');
    await until(async () => expect(await query(url, walwriter)).not.toEqual([crashing]));
    await until(async () => expect(await query(url, owner)).toHaveLength(1));

    await expect(new EmbeddedPostgres({ dataDir }).start()).rejects.toThrow(DataDirInUseError);
  });

  it('is not deceived by a process number that now belongs to something else', async () => {
    await postgres.start();
    const file = join(dataDir, 'postgres/data/postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    await postgres.stop();
    writeFileSync(file, [process.pid, ...lines.slice(1)].join('\n'));

    postgres = new EmbeddedPostgres({ dataDir });
    const { url } = await postgres.start();

    expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('takes a directory whose name is too long and too odd for a socket', async () => {
    const deep = join(dataDir, `a, "quoted" ${'long '.repeat(20)}name`);
    mkdirSync(deep);

    postgres = new EmbeddedPostgres({ dataDir: deep });
    const { url } = await postgres.start();

    expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    expect(existsSync(join(deep, 'postgres/data/PG_VERSION'))).toBe(true);
  });
});

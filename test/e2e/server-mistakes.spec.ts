import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverProcesses } from '../support/server-process';
import { createTestDatabase, databaseUrl } from '../support/test-database';

// With fsync, and on slow disks.
jest.setTimeout(120_000);

const { start, dataDir } = serverProcesses();

describe('the server as a process, started by somebody who makes mistakes,', () => {
  it('refuses a second server on its data, in a line', async () => {
    const first = start();
    await first.listening();

    const second = start();

    expect(await second.exited()).toBe(1);
    expect(second.output()).toMatch(/^Another server uses the data in .*\n$/);
  });

  it('names a port that is in use', async () => {
    const database = await createTestDatabase();
    const first = start();
    const { port } = new URL(await first.listening());

    const second = start({ PORT: port, DATABASE_URL: database.url });

    expect(await second.exited()).toBe(1);
    expect(second.output()).toContain(`Port ${port} is in use`);
    await database.drop();
  });

  it.each([
    ['DATABASE_URL', { DATABASE_URL: databaseUrl('no_such_database') }],
    ['HOST', { HOST: 'nowhere.invalid' }],
    ['DATA_DIR', { DATA_DIR: process.execPath }],
  ])('names %s where that is wrong, in a line and without a stack', async (name, wrong) => {
    const database = await createTestDatabase();
    const server = start({ DATABASE_URL: database.url, ...wrong });

    expect(await server.exited()).toBe(1);
    expect(server.output()).toMatch(new RegExp(`^[^{\n]*${name}[^\n]*\\.$`, 'm'));
    expect(server.output()).not.toMatch(/"level":"error"|\n {4}at /);
    await database.drop();
  });

  it('says that .env is no file', async () => {
    const directory = join(dataDir.path, 'odd');
    mkdirSync(join(directory, '.env'), { recursive: true });

    const server = start({}, directory);

    expect(await server.exited()).toBe(1);
    expect(server.output()).toBe('The file .env cannot be read (EISDIR).\n');
  });

  it('reads .env, also behind a byte order mark, over which the environment wins', async () => {
    const directory = join(dataDir.path, 'configured');
    mkdirSync(directory);
    writeFileSync(
      join(directory, '.env'),
      `\uFEFFAPP_NAME=from the file\nLOG_LEVEL=nonsense\nDATA_DIR=${join(dataDir.path, 'data')}\n`,
    );

    const url = await start({ LOG_LEVEL: 'info' }, directory).listening();
    const health = await fetch(`${url}/health`);

    expect(await health.json()).toMatchObject({ app_name: 'from the file' });
  });

  it('tells everything that is wrong with its configuration, and no value', async () => {
    const server = start({
      NODE_ENV: 'production',
      JWT_SECRET: 'hunter2',
      RATE_LIMITS: 'off',
      PORT: 'hunter2',
    });

    expect(await server.exited()).toBe(1);
    expect(
      server
        .output()
        .match(/^ {2}[A-Z_]+(?=:)/gm)
        ?.map((name) => name.trim()),
    ).toEqual(['PORT', 'JWT_SECRET', 'RATE_LIMITS']);
    expect(server.output()).not.toContain('hunter2');
  });
});

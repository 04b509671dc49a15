import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import WebSocket from 'ws';
import { waitingFor } from '../support/hold-table';
import { serverProcesses } from '../support/server-process';
import { createTestDatabase } from '../support/test-database';
import { until } from '../support/until';

/** An exit has to come within this time. */
const STOP_LIMIT_MS = 15_000;
/** Where Linux says how many connections may wait for any server to accept them; elsewhere 128 is usual. */
const QUEUE_LIMIT = '/proc/sys/net/core/somaxconn';

// With fsync, and on slow disks.
jest.setTimeout(120_000);

const { start, dataDir } = serverProcesses();
let people = 0;

async function register(url: string): Promise<{ token: string; login: object }> {
  const login = { username: `ada-${++people}`, password: 'correct horse' };
  const account = { ...login, email: `${login.username}@example.com` };
  const { access_token: token } = await post(`${url}/api/v1/auth/register`, account);
  return { token, login };
}

async function post(url: string, body: object): Promise<{ status: number; access_token: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { ...((await answer.json()) as { access_token: string }), status: answer.status };
}

/** A server on a database of its own, with somebody logged in, and a table that is locked. */
async function startBehindLock(table: string) {
  const database = await createTestDatabase('empty');
  const server = start({ DATABASE_URL: database.url });
  const url = await server.listening();
  const { token } = await register(url);
  const blocker = new Client(database.url);
  await blocker.connect();
  await blocker.query(`BEGIN; LOCK TABLE ${table}`);
  const asker = {
    query: async (...asked: [string, unknown[]]) => (await blocker.query(...asked)).rows as unknown[],
  };
  const someoneWaits = () => waitingFor(asker, table);
  return { database, server, url, token, blocker, someoneWaits };
}

describe('the server as a process', () => {
  it('starts with nothing but a directory, and says how to chat', async () => {
    expect(readdirSync(dataDir.path)).toEqual([]);
    const server = start();

    const url = await server.listening();
    const health = await fetch(`${url}/health/ready`);

    expect(health.status).toBe(200);
    expect(server.output()).toContain(`/docs`);
    expect(server.output()).toContain('/api/v1/auth/register');
    expect(server.output()).toContain('wscat');
    expect(server.output()).toContain('PORT=0 needs PUBLIC_URL');
  });

  it('has its data after kill -9, at once', async () => {
    const first = start();
    const { login } = await register(await first.listening());

    first.kill('SIGKILL');
    await first.exited();
    const answer = await post(`${await start().listening()}/api/v1/auth/login`, login);

    expect(answer.status).toBe(200);
  });

  it('stops on SIGTERM with 0, after telling sockets that it restarts', async () => {
    const server = start();
    const url = await server.listening();
    const { token } = await register(url);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws/1`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));

    const startedAt = performance.now();
    server.kill('SIGTERM');

    expect(await closed).toBe(1012);
    expect(await server.exited()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends on %s also when nobody is left to read its log',
    async (signal) => {
      const database = await createTestDatabase();
      const server = start({ DATABASE_URL: database.url });
      const url = await server.listening();
      server.stopListening();

      await fetch(`${url}/api/v1/nowhere`);
      server.kill(signal);

      expect(await server.exited()).toBe(0);
      await database.drop();
    },
  );

  it('answers the requests that are under way before it ends', async () => {
    const { database, server, url, token, blocker, someoneWaits } = await startBehindLock('rooms');
    const making = fetch(`${url}/api/v1/rooms`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ name: 'made late' }),
    });
    await someoneWaits();

    server.kill('SIGTERM');
    await delay(3000);
    await blocker.end();

    expect((await making).status).toBe(201);
    expect(await server.exited()).toBe(0);
    await database.drop();
  });

  it('ends at once on a second signal', async () => {
    const { database, server, url, token, blocker, someoneWaits } = await startBehindLock('messages');
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws/1`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    socket.on('open', () => socket.send('{"type":"message","content":"waits for the lock"}'));
    await someoneWaits();

    server.kill('SIGTERM');
    await until(async () => expect(server.output()).toContain('draining'));
    const repeat = setInterval(() => server.kill('SIGTERM'), 100);

    expect(await server.exited()).toBe(1);
    clearInterval(repeat);
    await blocker.end();
    await database.drop();
  });

  it('may be one of several nodes that start at once on an empty database', async () => {
    const database = await createTestDatabase('empty');
    const nodes = [1, 2, 3].map((node) =>
      start({ DATABASE_URL: database.url, DATA_DIR: join(dataDir.path, `node-${node}`) }),
    );

    const urls = await Promise.all(nodes.map((node) => node.listening()));
    const statuses = await Promise.all(urls.map(async (url) => (await fetch(`${url}/health/ready`)).status));

    expect(statuses).toEqual([200, 200, 200]);
    for (const node of nodes) node.kill('SIGTERM');
    expect(await Promise.all(nodes.map((node) => node.exited()))).toEqual([0, 0, 0]);
    await database.drop();
  });

  it('has room for a thousand who dial while it is busy', async () => {
    const database = await createTestDatabase();
    const server = start({ DATABASE_URL: database.url });
    const { port } = new URL(await server.listening());
    const allowed = existsSync(QUEUE_LIMIT) ? Number(readFileSync(QUEUE_LIMIT, 'utf8')) : 128;

    server.kill('SIGSTOP');
    const dials = Array.from({ length: Math.min(1000, allowed) }, () => connect(Number(port), '127.0.0.1'));
    // Without room, the system would let a dial try again, in vain as long as nobody is accepted.
    await Promise.all(dials.map((dial) => once(dial, 'connect')));
    server.kill('SIGCONT');

    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    for (const dial of dials) dial.destroy();
    await database.drop();
  });
});

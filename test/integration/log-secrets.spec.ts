import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import WebSocket from 'ws';
import { createApp } from '../../src/create-app';
import { createLogger } from '../../src/logging/logger';
import type { TokenResponse } from '../../src/protocol/models';
import { aTestConfig } from '../support/test-config';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const PASSWORD = 'correct-horse-battery';
const CONTENT = 'meet-me-at-the-bridge';
const EMAIL = 'ada-private@example.org';

let database: TestDatabase;
let app: NestExpressApplication;
let port: number;
const lines: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const config = aTestConfig({ databaseUrl: database.url, logLevel: 'trace' });
  app = await createApp(config, createLogger(config, { write: (line: string) => void lines.push(line) }));
  await app.listen(0, '127.0.0.1');
  ({ port } = app.getHttpServer().address() as AddressInfo);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function post<T>(path: string, body: object | string, token?: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** Connects, sends the frames, and waits until the last, a ping, is answered: all of them have been handled. */
function talk(path: string, ...frames: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1${path}`);
    socket.on('open', () => [...frames, '{"type":"ping"}'].forEach((frame) => socket.send(frame)));
    socket.on('message', (data: Buffer) => {
      if ((JSON.parse(data.toString()) as { type: string }).type === 'pong') socket.close();
    });
    socket.on('close', () => resolve());
    socket.on('unexpected-response', () => resolve());
    socket.on('error', reject);
  });
}

describe('the log of a whole server, at its most talkative', () => {
  it('has no token, password, address, content or SQL parameter in it', async () => {
    const account = { username: 'ada', email: EMAIL, password: PASSWORD };
    const { access_token, refresh_token } = await post<TokenResponse>('/auth/register', account);
    await post('/auth/register', account);
    await post('/auth/login', { username: EMAIL, password: PASSWORD });
    await post('/auth/login', { username: 'ada', password: `${PASSWORD}-wrong` });
    await post('/auth/login', `{"password":"${PASSWORD}" broken`);
    await post('/auth/login', { username: 'ada', password: { nested: PASSWORD } });
    await post('/auth/refresh', { refresh_token: `${refresh_token}x` });
    await post('/auth/refresh', { refresh_token });
    const room = await post<{ id: number }>('/rooms', { name: 'bridge' }, access_token);
    await post(`/rooms/${room.id}/messages`, { content: CONTENT }, access_token);
    await post(
      `/rooms/${room.id}/messages?token=${access_token}`,
      { content: CONTENT, oops: CONTENT },
      access_token,
    );
    await talk(
      `/ws/${room.id}?token=${access_token}`,
      JSON.stringify({ type: 'message', content: CONTENT }),
      JSON.stringify({ type: 'message', content: [CONTENT] }),
      JSON.stringify({ type: CONTENT }),
      `{"content":"${CONTENT}`,
      JSON.stringify({ type: 'authenticate', token: `${access_token}x` }),
    );
    await talk(`/ws/${room.id}?token=${access_token}x`).catch(() => undefined);

    const { code } = await post<{ code: string }>(`/rooms/${room.id}/invites`, {}, access_token);
    await post(`/invites/${code}/accept`, {}, access_token);
    await post(`/Invites/${code}?x=1`, {}, access_token);
    await post(`/invites/${code}/`, {}, access_token);
    await post(`/invites//${code}/accept`, {}, access_token);
    await post(`/invites/%%/${code}/accept`, {}, access_token);
    await post(`/invites%2F${code}%2Faccept`, {}, access_token);

    const log = lines.join('');

    expect(lines.length).toBeGreaterThan(10);
    expect(log).toContain(`/api/v1/rooms/${room.id}/messages`);
    for (const secret of [PASSWORD, CONTENT, EMAIL, code, refresh_token, ...access_token.split('.')]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});

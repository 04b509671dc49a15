import type { AppConfig } from '../../src/config/app-config';
import { AccountClient } from '../support/account-client';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

const ADMIN = { username: 'Root', email: 'root@example.org', password: 'the administrator' };

let database: TestDatabase;
let servers: TestServer[] = [];

beforeEach(async () => (database = await createTestDatabase()));
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  await database.drop();
});

async function start(admin: AppConfig['admin'] = ADMIN): Promise<AccountClient> {
  const server = await startTestServer({ admin, databaseUrl: database.url });
  servers.push(server);
  return new AccountClient(server);
}

describe('the configured administrator', () => {
  it('is there after the first start, once, however many nodes start at once', async () => {
    const [client] = await Promise.all([start(), start(), start()]);

    const { user, access_token: token } = await client.login('root', ADMIN.password);

    expect(user).toMatchObject({ username: 'Root', email: 'root@example.org', role: 'admin' });
    const { body } = await client.call<{ users: unknown[] }>('GET', '/users', { token });
    expect(body.users).toHaveLength(1);
  });

  it('keeps the password that they have when another one is configured', async () => {
    await start();
    const client = await start({ ...ADMIN, username: 'root', password: 'another password' });

    await expect(client.login('root', ADMIN.password)).resolves.toBeDefined();
    await expect(client.login('root', 'another password')).rejects.toThrow('invalid_credentials');
  });

  it('takes nothing from an account that has the name or the e-mail address', async () => {
    const client = await start(null);
    await client.register('root');
    await start();
    await start({ ...ADMIN, username: 'boss' });

    const { user } = await client.login('root');

    expect(user.role).toBe('user');
    await expect(client.login('boss', ADMIN.password)).rejects.toThrow('invalid_credentials');
  });
});

import type { TokenResponse } from '../../src/protocol/models';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

describe('POST /auth/login', () => {
  beforeAll(() => client.register('bob'));

  it.each(['bob', 'BOB', 'bob@example.org', 'Bob@Example.ORG'])('knows bob as %s', async (name) => {
    const { user, token_type } = await client.login(name);

    expect(user.username).toBe('bob');
    expect(token_type).toBe('bearer');
  });

  it('takes the form of OAuth2 with what it carries beside', async () => {
    const { status, body } = await client.call<TokenResponse>('POST', '/auth/login', {
      form: { grant_type: 'password', username: 'bob', password: PASSWORD, scope: '', client_id: 'docs' },
    });

    expect(status).toBe(200);
    expect(await client.statusOf(body.access_token)).toBe(200);
  });

  it('refuses unknown fields in JSON, those of OAuth2 included', async () => {
    const answer = await client.call('POST', '/auth/login', {
      json: { username: 'bob', password: PASSWORD, grant_type: 'password' },
    });

    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('answers an unknown user, a wrong password and a deactivated account alike', async () => {
    await client.register('inactive');
    await server.dataSource.query(`UPDATE users SET is_active = false WHERE username = 'inactive'`);

    const answers = await Promise.all(
      [
        { username: 'nobody', password: PASSWORD },
        { username: 'nobody@example.org', password: PASSWORD },
        { username: 'bob', password: 'wrong password' },
        { username: 'bob', password: '' },
        { username: 'bob', password: 'x'.repeat(100) },
        { username: 'inactive', password: PASSWORD },
      ].map((json) => client.call('POST', '/auth/login', { json })),
    );

    for (const { status, headers, body } of answers) {
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toMatchObject({ code: 'invalid_credentials', detail: answers[0]!.body.detail });
    }
  });

  it.each([{ username: 'bob' }, { password: PASSWORD }, { username: '\0', password: 'x' }, {}, []])(
    'refuses %j as invalid',
    async (json) => {
      expect(await client.call('POST', '/auth/login', { json })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    },
  );

  it('opens no session for a password that was changed while it was checked', async () => {
    const { user } = await client.register('hasty');
    const changing = server.dataSource.createQueryRunner();
    await changing.startTransaction();
    await changing.query(`UPDATE users SET password_hash = 'changed' WHERE id = $1`, [user.id]);
    const login = client.call('POST', '/auth/login', { json: { username: 'hasty', password: PASSWORD } });
    await someoneWaitsForALock();

    await changing.commitTransaction();
    await changing.release();

    expect(await login).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });
});

/** Resolves once a query of this database waits for another's lock. */
async function someoneWaitsForALock(): Promise<void> {
  for (;;) {
    const waiting = await server.dataSource.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
  }
}

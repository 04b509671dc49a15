import { JwtService } from '@nestjs/jwt';
import { AccessTokens } from '../../src/auth/access-token.service';
import type { TokenResponse } from '../../src/protocol/models';
import { AccountClient, PASSWORD } from '../support/account-client';
import { ManualClock } from '../support/manual-clock';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

function registration(changes: Record<string, unknown>) {
  return { username: 'somebody', email: 'somebody@example.org', password: PASSWORD, ...changes };
}

describe('POST /auth/register', () => {
  it('makes an account, logs it in and shows it', async () => {
    const { status, headers, body } = await client.call<TokenResponse>('POST', '/auth/register', {
      json: { username: 'Ada_1815', email: ' Ada@Example.org ', password: PASSWORD },
    });

    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'bearer',
      expires_in: 900,
      user: {
        id: expect.any(Number),
        username: 'Ada_1815',
        email: 'Ada@Example.org',
        role: 'user',
        is_active: true,
        display_name: null,
        bio: null,
        avatar_url: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: expect.any(String),
      },
    });
    expect(await client.call('GET', '/auth/me', { token: body.access_token })).toMatchObject({
      status: 200,
      body: body.user,
    });
  });

  it('refuses a name and an e-mail address that are taken, whatever the case', async () => {
    await client.register('taken');

    const byName = await client.call('POST', '/auth/register', { json: registration({ username: 'TAKEN' }) });
    const byEmail = await client.call('POST', '/auth/register', {
      json: registration({ email: 'Taken@EXAMPLE.org' }),
    });

    expect(byName).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    expect(byEmail).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  it('gives one name to one of ten who ask for it at the same instant', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        client.call('POST', '/auth/register', {
          json: registration({ username: i % 2 ? 'Wanted' : 'wanted', email: `wanted${i}@example.org` }),
        }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it.each([
    ['username', 'ab'],
    ['username', 'a'.repeat(33)],
    ['username', 'with space'],
    ['username', 'ädä'],
    ['username', 'ada@example'],
    ['username', 'ada\n'],
    ['username', 5],
    ['username', null],
    ['username', undefined],
    ['email', 'no address'],
    ['email', `${'a'.repeat(250)}@example.org`],
    ['email', 'nul\0@example.org'],
    ['email', ['ada@example.org']],
    ['password', '7 bytes'],
    ['password', 'x'.repeat(73)],
    ['password', `${'ä'.repeat(36)}x`],
    ['password', 'with a \0 in it'],
    ['password', 'with half a pair \ud83d'],
    ['password', 12345678],
    ['role', 'admin'],
    ['is_active', true],
  ])('refuses a registration whose %s is %j, and names the field', async (field, value) => {
    const answer = await client.call('POST', '/auth/register', { json: registration({ [field]: value }) });

    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors?.map((error) => error.field)).toEqual([field]);
  });

  it('takes passwords of 8 and of 72 bytes as they are', async () => {
    for (const [username, password] of [
      ['shortest', ' 8bytes '],
      ['longest', 'ä'.repeat(36)],
    ] as const) {
      const json = { username, email: `${username}@example.org`, password };
      expect((await client.call('POST', '/auth/register', { json })).status).toBe(201);
      expect((await client.login(username, password)).user.username).toBe(username);
    }
  });
});

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

describe('a bearer token', () => {
  it('is asked for', async () => {
    const answer = await client.call('GET', '/auth/me');

    expect(answer).toMatchObject({ status: 401, body: { code: 'authentication_required' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('is taken from the Authorization header alone', async () => {
    const { access_token: token } = await client.register('carol');

    const byQuery = await client.call('GET', `/auth/me?token=${token}&access_token=${token}`);
    const byCookie = await client.call('GET', '/auth/me', { headers: { cookie: `token=${token}` } });
    const asBasic = await client.call('GET', '/auth/me', { headers: { authorization: `Basic ${token}` } });

    for (const answer of [byQuery, byCookie, asBasic]) {
      expect(answer).toMatchObject({ status: 401, body: { code: 'authentication_required' } });
    }
  });

  it('stands alone in its header', async () => {
    const { access_token: token } = await client.register('cleo');
    const ask = (authorization: string) => client.call('GET', '/auth/me', { headers: { authorization } });

    expect(await ask(`bearer  ${token}`)).toMatchObject({ status: 200, body: { username: 'cleo' } });
    for (const header of [`Bearer ${token} ${token}`, `Bearer ${token} x`, `x Bearer ${token}`, 'Bearer']) {
      expect(await ask(header)).toMatchObject({ status: 401, body: { code: 'authentication_required' } });
    }
  });

  it.each(['garbage', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('is refused as %s', async (token) => {
    expect(await client.statusOf(token)).toBe('token_invalid');
  });

  it('is refused with a session that never was', async () => {
    const { user } = await client.register('dora');
    const token = server.app
      .get(AccessTokens, { strict: false })
      .sign(user, '00000000-0000-4000-8000-000000000000');

    expect(await client.statusOf(token)).toBe('token_invalid');
  });

  it('is refused as expired after its time', async () => {
    const { user, access_token: token } = await client.register('emil');
    const [session] = await client.sessions(token);
    const anHourAgo = new ManualClock(Date.now() - 3_600_000);
    const jwt = server.app.get(JwtService, { strict: false });

    const expired = new AccessTokens(jwt, server.config, anHourAgo).sign(user, session!.id);

    expect(await client.statusOf(expired)).toBe('token_expired');
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

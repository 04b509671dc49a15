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
    ['email', 'half\ud83d@example.org'],
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

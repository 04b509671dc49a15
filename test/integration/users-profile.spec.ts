import type { PublicUser, User } from '../../src/protocol/models';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

function change(token: string, json: object) {
  return client.call<User>('PATCH', '/users/me', { token, json });
}

describe('PATCH /users/me', () => {
  it('changes what is given, trimmed, and leaves the rest', async () => {
    const { access_token: token, user } = await client.register('ada');

    const { status, body } = await change(token, {
      email: ' countess@example.org ',
      display_name: ' Ada Lovelace ',
      bio: 'Poetical science 🧮',
      avatar_url: 'https://example.org/ada.png',
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      ...user,
      email: 'countess@example.org',
      display_name: 'Ada Lovelace',
      bio: 'Poetical science 🧮',
      avatar_url: 'https://example.org/ada.png',
      updated_at: expect.any(String),
    });
    expect(Date.parse(body.updated_at)).toBeGreaterThan(Date.parse(user.updated_at));
    expect((await change(token, { display_name: 'Ada' })).body).toMatchObject({
      display_name: 'Ada',
      bio: 'Poetical science 🧮',
    });
  });

  it('removes what is null, and texts that are blank', async () => {
    const { access_token: token } = await client.register('ben');
    await change(token, { display_name: 'Ben', bio: 'Here', avatar_url: 'http://localhost/b.png' });

    expect((await change(token, { display_name: null, bio: '  ', avatar_url: null })).body).toMatchObject({
      display_name: null,
      bio: null,
      avatar_url: null,
    });
  });

  it('answers a change of nothing with the state as it is', async () => {
    const { access_token: token, user } = await client.register('cleo');

    expect(await change(token, {})).toMatchObject({ status: 200, body: user });
  });

  it('lets the new name count at once, in the token at hand', async () => {
    const { access_token: token } = await client.register('dora');

    expect((await change(token, { username: 'Theodora' })).body.username).toBe('Theodora');

    expect((await client.call<User>('GET', '/auth/me', { token })).body.username).toBe('Theodora');
    expect((await client.login('theodora')).user.username).toBe('Theodora');
    await expect(client.login('dora')).rejects.toThrow('invalid_credentials');
  });

  it('lets somebody change the case of their own name, and refuses the names of others', async () => {
    const { access_token: token } = await client.register('emil');
    await client.register('fred');

    expect((await change(token, { username: 'EMIL', email: 'EMIL@example.org' })).status).toBe(200);
    expect(await change(token, { username: 'Fred' })).toMatchObject({
      status: 409,
      body: { code: 'username_taken' },
    });
    expect(await change(token, { email: 'Fred@Example.org' })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });

  it('takes texts of the greatest length, counted in characters', async () => {
    const { access_token: token } = await client.register('gina');

    expect((await change(token, { display_name: '😀'.repeat(64), bio: '😀'.repeat(500) })).status).toBe(200);
  });

  describe('refuses', () => {
    let token: string;
    beforeAll(async () => ({ access_token: token } = await client.register('hugo')));

    it.each([
      ['username', null],
      ['username', 'x'],
      ['email', null],
      ['email', 'nowhere'],
      ['display_name', 'x'.repeat(65)],
      ['display_name', 'nul\0'],
      ['display_name', 'half a pair \ud83d'],
      ['display_name', 5],
      ['bio', 'x'.repeat(501)],
      ['avatar_url', ''],
      ['avatar_url', 'example.org/a.png'],
      ['avatar_url', 'javascript:alert(1)'],
      ['avatar_url', 'data:image/png;base64,AAAA'],
      ['avatar_url', 'ftp://example.org/a.png'],
      ['avatar_url', 'https://user:secret@example.org/a.png'],
      ['avatar_url', `https://example.org/${'x'.repeat(2048)}`],
      ['role', 'admin'],
      ['is_active', false],
      ['password', 'another password'],
      ['id', 1],
    ])('%s: %j', async (field, value) => {
      const answer = await client.call('PATCH', '/users/me', { token, json: { [field]: value } });

      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ field }] } });
    });
  });
});

describe('GET /users/{id}', () => {
  it('shows others the public profile', async () => {
    const { user } = await client.register('ida');
    const { access_token: token } = await client.register('jane');

    const { status, body } = await client.call<PublicUser>('GET', `/users/${user.id}`, { token });

    const { email: _email, is_active: _active, updated_at: _updated, ...profile } = user;
    expect(status).toBe(200);
    expect(body).toEqual(profile);
  });

  it('finds nobody under an id that was never given', async () => {
    const { access_token: token } = await client.register('kai');

    expect(await client.call('GET', '/users/2147483647', { token })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
  });

  it.each(['0', '-1', '01', '%205', '0x1', '1e1', '1.0', '2147483648', '99999999999999999999', 'x'])(
    'refuses the id %s',
    async (id) => {
      const { access_token: token } = await client.login('kai');

      expect(await client.call('GET', `/users/${id}`, { token })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ field: 'id' }] },
      });
    },
  );
});

it('asks for a token on every call', async () => {
  const calls = [
    ['GET', '/users'],
    ['GET', '/users/1'],
    ['GET', '/users/search?q=a'],
    ['PATCH', '/users/1'],
    ['PATCH', '/users/me'],
    ['DELETE', '/users/me'],
    ['GET', '/auth/sessions'],
    ['POST', '/auth/logout'],
    ['POST', '/auth/password'],
  ] as const;

  for (const [method, path] of calls) {
    expect(await client.call(method, path)).toMatchObject({
      status: 401,
      body: { code: 'authentication_required' },
    });
  }
});

it('never shows a password hash', async () => {
  const { access_token: token } = await client.register('lea');
  const answers = [
    await client.call<unknown>('GET', '/auth/me', { token }),
    await client.call<unknown>('PATCH', '/users/me', { token, json: { bio: 'x' } }),
    await client.call<unknown>('POST', '/auth/login', { json: { username: 'lea', password: PASSWORD } }),
  ];

  for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/\$2b\$|password/);
});

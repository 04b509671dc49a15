import type { PublicUser, TokenResponse, User } from '../../src/protocol/models';
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

describe('GET /users/search', () => {
  let searcher: TokenResponse;
  const search = async (q: string) => {
    const path = `/users/search?q=${encodeURIComponent(q)}`;
    const { status, body } = await client.call<PublicUser[]>('GET', path, { token: searcher.access_token });
    expect(status).toBe(200);
    return body.map((user) => user.username);
  };

  beforeAll(async () => {
    searcher = await client.register('searcher');
    await server.dataSource.query(
      `INSERT INTO users (username, email, password_hash, display_name, is_active)
       SELECT name, name || '@example.net', 'none', display_name, is_active
         FROM (VALUES ('Zoe', 'Zoe', true), ('zora', NULL, true), ('zo_e', NULL, true), ('zoxe', NULL, true),
                      ('mary', 'Zoologist 100%', true), ('zo-gone', NULL, false)) AS v (name, display_name, is_active)`,
    );
    await server.dataSource.query(
      `INSERT INTO users (username, email, password_hash)
       SELECT 'many' || n, 'many' || n || '@example.net', 'none' FROM generate_series(1, 30) n`,
    );
  });

  it('finds active users by how their user name or display name begins, in any case', async () => {
    expect(await search('ZO')).toEqual(['mary', 'zo_e', 'Zoe', 'zora', 'zoxe']);
    expect(await search(' zoe ')).toEqual(['Zoe']);
    expect(await search('oe')).toEqual([]);
  });

  it('takes wildcards for themselves', async () => {
    expect(await search('zo_')).toEqual(['zo_e']);
    expect(await search('zoologist 100%')).toEqual(['mary']);
    expect(await search('%')).toEqual([]);
    expect(await search('\\')).toEqual([]);
  });

  it('shows twenty at most, and of each no more than the public profile', async () => {
    const { body } = await client.call<PublicUser[]>('GET', '/users/search?q=many', {
      token: searcher.access_token,
    });

    expect(body).toHaveLength(20);
    expect(Object.keys(body[0]!).sort()).toEqual(
      ['avatar_url', 'bio', 'created_at', 'display_name', 'id', 'role', 'username'].sort(),
    );
  });

  it.each(['', '?q=', '?q=%20', `?q=${'x'.repeat(65)}`, '?q=%00', '?q=a&q=b', '?q=a&limit=5'])(
    'refuses the query %s',
    async (query) => {
      const answer = await client.call('GET', `/users/search${query}`, { token: searcher.access_token });

      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );

  it('has an index for both names', async () => {
    const plan = await server.dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL enable_seqscan = off`);
      return manager.query<{ 'QUERY PLAN': string }[]>(
        `EXPLAIN SELECT * FROM users
          WHERE deleted_at IS NULL AND is_active
            AND (lower(username) LIKE lower($1) OR lower(display_name) LIKE lower($1))`,
        ['zo%'],
      );
    });

    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain('users_username_key');
    expect(lines).toContain('users_display_name');
    expect(lines).not.toContain('Seq Scan');
  });
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

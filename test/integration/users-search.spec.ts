import type { PublicUser, TokenResponse } from '../../src/protocol/models';
import { AccountClient } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

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

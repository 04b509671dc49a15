import { CloseCode } from '../../src/protocol/close-codes';
import type { User, UserPage } from '../../src/protocol/models';
import { ConnectionRegistry } from '../../src/realtime/connection-registry';
import { AccountClient, PASSWORD } from '../support/account-client';
import { holdRow } from '../support/hold-row';
import { aPerson, type Person } from '../support/person';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;
let root: Person;

beforeEach(async () => {
  root = await aPerson(server, `root${Math.random()}`.slice(0, 20), 'admin');
});
beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterEach(() => server.dataSource.query(`UPDATE users SET role = 'user'`));
afterAll(() => server.stop());

async function activeAdmins(): Promise<number> {
  return server.dataSource.getRepository('users').countBy({ role: 'admin', isActive: true });
}

describe('GET /users', () => {
  it('shows administrators all accounts that are not deleted, page by page, each once', async () => {
    for (let i = 0; i < 7; i++) await aPerson(server, `page${i}`);
    await server.dataSource.query(`INSERT INTO users (is_active, deleted_at) VALUES (false, now())`);
    const seen: User[] = [];

    let page: UserPage | undefined;
    do {
      const cursor = page ? `&cursor=${page.next_cursor}` : '';
      ({ body: page } = await root.get<UserPage>(`/users?limit=3${cursor}`));
      expect(page.users.length).toBeLessThanOrEqual(3);
      expect(page.has_more).toBe(page.next_cursor !== null);
      seen.push(...page.users);
    } while (page.has_more);

    const [{ count }] = await server.dataSource.query<[{ count: number }]>(
      `SELECT count(*) FROM users WHERE deleted_at IS NULL`,
    );
    expect(seen).toHaveLength(count);
    expect(seen.map((user) => user.id)).toEqual(
      [...new Set(seen.map((user) => user.id))].sort((a, b) => a - b),
    );
    expect(seen.find((user) => user.id === root.id)).toMatchObject({
      email: expect.any(String),
      is_active: true,
      role: 'admin',
      updated_at: expect.any(String),
    });
  });

  it('finds by how the user name or the e-mail address begins', async () => {
    await aPerson(server, 'find_me');
    await aPerson(server, 'findxme');

    const names = async (search: string) =>
      (await root.get<UserPage>(`/users?search=${encodeURIComponent(search)}`)).body.users.map(
        (user) => user.username,
      );

    expect(await names('FIND')).toEqual(['find_me', 'findxme']);
    expect(await names('find_')).toEqual(['find_me']);
    expect(await names('findxme@exam')).toEqual(['findxme']);
    expect(await names('%')).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=%205',
    'limit=05',
    'limit=1e1',
    'limit=',
    'limit=5&limit=6',
    'cursor=-1',
    'cursor=2147483648',
    'cursor=0x10',
    'search=%00',
    'sort=email',
  ])('refuses ?%s', async (query) => {
    expect(await root.get(`/users?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
  });

  it('is refused to others', async () => {
    const user = await aPerson(server, 'curious');

    expect(await user.get('/users')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('PATCH /users/{id}', () => {
  it('gives and takes power at once, with the tokens at hand', async () => {
    const user = await aPerson(server, 'rising');
    expect((await user.get('/users')).status).toBe(403);

    const promoted = await root.patch<User>(`/users/${user.id}`, { role: 'admin' });
    expect(promoted).toMatchObject({ status: 200, body: { id: user.id, role: 'admin' } });
    expect((await user.get('/users')).status).toBe(200);

    await root.patch(`/users/${user.id}`, { role: 'user' });
    expect((await user.get('/users')).status).toBe(403);
  });

  it('ends the sessions and sockets of whoever is deactivated, until they are active and log in again', async () => {
    const closeUser = jest.spyOn(server.app.get(ConnectionRegistry, { strict: false }), 'closeUser');
    const { access_token: token, refresh_token, user } = await client.register('troll');

    const answer = await root.patch<User>(`/users/${user.id}`, { is_active: false });

    expect(answer).toMatchObject({ status: 200, body: { is_active: false } });
    expect(await client.statusOf(token)).toBe('session_revoked');
    expect((await client.refresh(refresh_token)).status).toBe(401);
    await expect(client.login('troll')).rejects.toThrow('invalid_credentials');
    expect(closeUser.mock.calls).toEqual([[user.id, CloseCode.Unauthorized, expect.any(String), undefined]]);

    await root.patch(`/users/${user.id}`, { is_active: true });
    expect(await client.statusOf(token)).toBe('session_revoked');
    expect(await client.statusOf((await client.login('troll')).access_token)).toBe(200);
  });

  it('keeps the last active administrator', async () => {
    const inactive = await aPerson(server, 'inactive', 'admin');
    await root.patch(`/users/${inactive.id}`, { is_active: false });

    for (const changes of [{ role: 'user' }, { is_active: false }]) {
      expect(await root.patch(`/users/${root.id}`, changes)).toMatchObject({
        status: 409,
        body: { code: 'last_admin' },
      });
    }
    expect((await root.get('/users')).status).toBe(200);
    expect((await root.patch(`/users/${root.id}`, { role: 'admin', is_active: true })).status).toBe(200);
  });

  it('keeps one of two administrators who demote each other at the same instant', async () => {
    for (let round = 0; round < 5; round++) {
      const other = await aPerson(server, `rival${round}`, 'admin');

      const answers = await Promise.all([
        root.patch(`/users/${other.id}`, { role: 'user' }),
        other.patch(`/users/${root.id}`, round % 2 ? { role: 'user' } : { is_active: false }),
      ]);

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await activeAdmins()).toBe(1);
      await server.dataSource.query(`UPDATE users SET role = 'user', is_active = true`);
      root = await aPerson(server, `next${round}`, 'admin');
    }
  });

  it.each([
    ['a change of it', (lower: { id: number }) => root.patch(`/users/${lower.id}`, { is_active: true })],
    [
      'its deletion',
      (lower: { id: number; token: string }) =>
        client.call('DELETE', '/users/me', { token: lower.token, json: { password: PASSWORD } }),
    ],
  ])('does not wait in a circle: %s, and its direct room with an administrator', async (_, act) => {
    const { user, access_token: token } = await client.register(`low${Math.random()}`.slice(0, 20));
    const higher = await aPerson(server, `high${Math.random()}`.slice(0, 20), 'admin');
    const held = await holdRow(server, 'users', higher.id);

    const acting = act({ id: user.id, token });
    await held.queue(1);
    const opening = higher.post('/rooms/direct', { user_id: user.id });
    await held.queue(2);
    await held.release();

    expect([200, 204]).toContain((await acting).status);
    expect([201, 404]).toContain((await opening).status);
  });

  it('is refused to others, about themselves, too', async () => {
    const user = await aPerson(server, 'climber');

    for (const id of [user.id, root.id, 2_000_000_000]) {
      expect(await user.patch(`/users/${id}`, { role: 'admin' })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
  });

  it('finds nobody where nobody is', async () => {
    expect(await root.patch('/users/2000000000', { role: 'admin' })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
  });

  it.each([{ role: 'owner' }, { role: null }, { is_active: 'true' }, { is_active: null }, { username: 'x' }])(
    'refuses %j',
    async (changes) => {
      const answer = await root.patch(`/users/${root.id}`, changes);

      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );

  it('answers a change of nothing with the account', async () => {
    expect(await root.patch(`/users/${root.id}`, {})).toMatchObject({ status: 200, body: { id: root.id } });
  });
});

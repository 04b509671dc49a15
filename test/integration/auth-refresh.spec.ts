import { DataSource } from 'typeorm';
import { SessionPruning } from '../../src/auth/session-pruning';
import { CloseCode } from '../../src/protocol/close-codes';
import type { TokenResponse } from '../../src/protocol/models';
import { AccountClient } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';
import { watchEnds } from '../support/watched-ends';

let server: TestServer;
let client: AccountClient;
let closeSession: jest.SpyInstance;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
  ({ closeSession } = watchEnds(server));
});
beforeEach(() => jest.clearAllMocks());
afterAll(() => server.stop());

describe('POST /auth/refresh', () => {
  it('gives new tokens for the same session, and the old access token lives on', async () => {
    const first = await client.register('ada');

    const { status, headers, body: second } = await client.refresh<TokenResponse>(first.refresh_token);

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(second).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'bearer',
      expires_in: 900,
      user: first.user,
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await client.sessionOf(second.access_token)).toBe(await client.sessionOf(first.access_token));
  });

  it('can be repeated with each newest token', async () => {
    let { refresh_token: token } = await client.register('ben');

    for (let i = 0; i < 5; i++) {
      const { status, body } = await client.refresh<TokenResponse>(token);
      expect(status).toBe(200);
      token = body.refresh_token;
    }
  });

  it('ends the whole session when a spent token is presented again', async () => {
    const first = await client.register('carl');
    const { body: second } = await client.refresh<TokenResponse>(first.refresh_token);
    const { body: third } = await client.refresh<TokenResponse>(second.refresh_token);
    const sessionId = await client.sessionOf(third.access_token);

    const reuse = await client.refresh(first.refresh_token);

    expect(reuse).toMatchObject({ status: 401, body: { code: 'refresh_token_invalid' } });
    expect(await client.statusOf(third.access_token)).toBe('session_revoked');
    expect((await client.refresh(third.refresh_token)).body.code).toBe('refresh_token_invalid');
    expect(closeSession).toHaveBeenCalledWith(sessionId, CloseCode.Unauthorized, expect.any(String));
  });

  it('leaves the other sessions of a user whose token was reused alone', async () => {
    const phone = await client.register('cleo');
    const laptop = await client.login('cleo');
    await client.refresh(phone.refresh_token);

    await client.refresh(phone.refresh_token);

    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect(await client.statusOf(laptop.access_token)).toBe(200);
  });

  it('takes one token once, of five times at the same instant, and ends the session for the other four', async () => {
    await client.register('dora');

    for (let round = 0; round < 5; round++) {
      const { access_token, refresh_token } = await client.login('dora');

      const answers = await Promise.all(Array.from({ length: 5 }, () => client.refresh(refresh_token)));

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
      expect(await client.statusOf(access_token)).toBe('session_revoked');
    }
  });

  it.each(['', 'garbage', 'x'.repeat(43), 'x'.repeat(1000), 'n\0l'])(
    'refuses %j without harm to anybody',
    async (token) => {
      expect(await client.refresh(token)).toMatchObject({
        status: 401,
        body: { code: 'refresh_token_invalid' },
      });
      expect(closeSession).not.toHaveBeenCalled();
    },
  );

  it.each([{}, { refresh_token: 5 }, { refresh_token: null }])('refuses %j as invalid', async (json) => {
    expect((await client.call('POST', '/auth/refresh', { json })).status).toBe(400);
  });

  it('refuses the token of a session that has expired, and of a deactivated user', async () => {
    const expired = await client.register('emil');
    const inactive = await client.register('fred');
    await server.dataSource.query(`UPDATE sessions SET expires_at = now() WHERE user_id = $1`, [
      expired.user.id,
    ]);
    await server.dataSource.query(`UPDATE users SET is_active = false WHERE id = $1`, [inactive.user.id]);

    expect((await client.refresh(expired.refresh_token)).status).toBe(401);
    expect((await client.refresh(inactive.refresh_token)).status).toBe(401);
  });

  it('moves the end of the session on', async () => {
    const { user, refresh_token } = await client.register('gina');
    const days = async () => {
      const [row] = await server.dataSource.query<{ days: number }[]>(
        `SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days
           FROM sessions WHERE user_id = $1`,
        [user.id],
      );
      return row!.days;
    };
    await server.dataSource.query(
      `UPDATE sessions SET expires_at = now() + interval '1 day' WHERE user_id = $1`,
      [user.id],
    );

    await client.refresh(refresh_token);

    expect(await days()).toBe(30);
  });

  it('forgets tokens that were spent too long ago to matter', async () => {
    const first = await client.register('hugo');
    const { body: second } = await client.refresh<TokenResponse>(first.refresh_token);
    await server.dataSource.query(
      `UPDATE refresh_tokens SET spent_at = now() - interval '31 days'
        WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1) AND spent_at IS NOT NULL`,
      [first.user.id],
    );

    await client.refresh(second.refresh_token);

    expect(await tokensOf(first.user.id)).toEqual({ spent: 1, fresh: 1 });
  });
});

describe('the hourly cleaning', () => {
  it('removes sessions that ended more than a day ago, with their tokens, and no others', async () => {
    const long = await client.register('uma');
    const lately = await client.register('vera');
    const end = `UPDATE sessions SET expires_at = now() - $2::interval WHERE user_id = $1`;
    await server.dataSource.query(end, [long.user.id, '25 hours']);
    await server.dataSource.query(end, [lately.user.id, '23 hours']);

    await server.app.get(SessionPruning, { strict: false }).prune();

    expect(await tokensOf(long.user.id)).toEqual({ spent: 0, fresh: 0 });
    expect(await tokensOf(lately.user.id)).toEqual({ spent: 0, fresh: 1 });
  });

  it('removes however many there are, a thousand at a time', async () => {
    const { user } = await client.register('wim');
    await server.dataSource.query(
      `INSERT INTO sessions (id, user_id, expires_at)
       SELECT gen_random_uuid(), $1, now() - interval '2 days' FROM generate_series(1, 2500)`,
      [user.id],
    );
    const query = jest.spyOn(server.app.get(DataSource), 'query');

    await server.app.get(SessionPruning, { strict: false }).prune();

    const answers = (await Promise.all(query.mock.results.map(({ value }) => value as unknown))) as [
      [],
      number,
    ][];
    query.mockRestore();
    expect(answers.map(([, removed]) => removed)).toEqual([1000, 1000, 500]);
  });
});

async function tokensOf(userId: number): Promise<{ spent: number; fresh: number }> {
  const [counts] = await server.dataSource.query<[{ spent: number; fresh: number }]>(
    `SELECT count(t.spent_at)::int AS spent, (count(*) - count(t.spent_at))::int AS fresh
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1`,
    [userId],
  );
  return counts;
}

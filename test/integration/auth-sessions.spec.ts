import type { TokenResponse } from '../../src/protocol/models';
import { CloseCode } from '../../src/protocol/close-codes';
import { ConnectionRegistry } from '../../src/realtime/connection-registry';
import { SessionPruning } from '../../src/auth/session-pruning';
import { AccountClient, PASSWORD } from '../support/account-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;
let closeSession: jest.SpyInstance;
let closeUser: jest.SpyInstance;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
  const registry = server.app.get(ConnectionRegistry, { strict: false });
  closeSession = jest.spyOn(registry, 'closeSession');
  closeUser = jest.spyOn(registry, 'closeUser');
});
beforeEach(() => jest.clearAllMocks());
afterAll(() => server.stop());

/** The id of the session that a token belongs to. */
async function sessionOf(token: string): Promise<string> {
  return (await client.sessions(token)).find((session) => session.current)!.id;
}

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
    expect(await sessionOf(second.access_token)).toBe(await sessionOf(first.access_token));
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
    const sessionId = await sessionOf(third.access_token);

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

describe('POST /auth/logout', () => {
  it('ends this session at once, its refresh token and its sockets too, and no other', async () => {
    const phone = await client.register('ida');
    const laptop = await client.login('ida');
    const sessionId = await sessionOf(phone.access_token);

    const answer = await client.call('POST', '/auth/logout', { token: phone.access_token });

    expect(answer).toMatchObject({ status: 204, body: null });
    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect((await client.refresh(phone.refresh_token)).status).toBe(401);
    expect(await client.statusOf(laptop.access_token)).toBe(200);
    expect(closeSession.mock.calls).toEqual([[sessionId, CloseCode.Unauthorized, expect.any(String)]]);
  });
});

describe('GET /auth/sessions', () => {
  it('lists the living sessions of the caller alone, with the device of each', async () => {
    const agent = 'x'.repeat(300);
    const phone = await client.register('jane', { 'user-agent': 'phone/1.0' });
    const laptop = await client.login('jane', PASSWORD, { 'user-agent': agent });
    const gone = await client.login('jane');
    await client.call('POST', '/auth/logout', { token: gone.access_token });
    const old = await client.login('jane');
    await server.dataSource.query(`UPDATE sessions SET expires_at = now() WHERE id = $1`, [
      await sessionOf(old.access_token),
    ]);
    await client.register('kai');

    const sessions = await client.sessions(phone.access_token);

    const session = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ip: '127.0.0.1',
      created_at: expect.any(String),
      last_used_at: expect.any(String),
    };
    expect(sessions).toEqual([
      { ...session, user_agent: agent.slice(0, 255), current: false },
      { ...session, user_agent: 'phone/1.0', current: true },
    ]);
    expect(sessions[0]!.id).toBe(await sessionOf(laptop.access_token));
  });

  it('does not believe X-Forwarded-For from just anybody', async () => {
    const { access_token } = await client.register('lea', { 'x-forwarded-for': '203.0.113.9' });

    expect((await client.sessions(access_token))[0]!.ip).toBe('127.0.0.1');
  });
});

describe('DELETE /auth/sessions/{id}', () => {
  it('ends another session of the caller, and answers a repetition alike', async () => {
    const phone = await client.register('mia');
    const laptop = await client.login('mia');
    const sessionId = await sessionOf(phone.access_token);
    const path = `/auth/sessions/${sessionId}`;

    expect((await client.call('DELETE', path, { token: laptop.access_token })).status).toBe(204);

    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect(await client.sessions(laptop.access_token)).toHaveLength(1);
    expect(closeSession.mock.calls).toEqual([[sessionId, CloseCode.Unauthorized, expect.any(String)]]);
    expect((await client.call('DELETE', path, { token: laptop.access_token })).status).toBe(204);
  });

  it('ends a session at once also when its id is written in capitals', async () => {
    const phone = await client.register('moe');
    const laptop = await client.login('moe');
    const sessionId = await sessionOf(phone.access_token);
    const path = `/auth/sessions/${sessionId.toUpperCase()}`;

    expect((await client.call('DELETE', path, { token: laptop.access_token })).status).toBe(204);

    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect(closeSession.mock.calls).toEqual([[sessionId, CloseCode.Unauthorized, expect.any(String)]]);
  });

  it('does not find the session of somebody else, nor one that never was', async () => {
    const noah = await client.register('noah');
    const olga = await client.register('olga');

    for (const id of [await sessionOf(olga.access_token), '00000000-0000-4000-8000-000000000000']) {
      expect(await client.call('DELETE', `/auth/sessions/${id}`, { token: noah.access_token })).toMatchObject(
        { status: 404, body: { code: 'session_not_found' } },
      );
    }
    expect(await client.statusOf(olga.access_token)).toBe(200);
  });

  it('refuses what is no id', async () => {
    const { access_token: token } = await client.register('pia');

    expect(await client.call('DELETE', '/auth/sessions/17', { token })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: 'id' }] },
    });
  });
});

describe('POST /auth/password', () => {
  const NEW_PASSWORD = 'a new and better one';

  it('changes the password and ends every session but this one', async () => {
    const phone = await client.register('quinn');
    const laptop = await client.login('quinn');
    const sessionId = await sessionOf(laptop.access_token);

    const answer = await client.call('POST', '/auth/password', {
      token: laptop.access_token,
      json: { current_password: PASSWORD, new_password: NEW_PASSWORD },
    });

    expect(answer).toMatchObject({ status: 204, body: null });
    expect(await client.statusOf(laptop.access_token)).toBe(200);
    expect((await client.refresh(laptop.refresh_token)).status).toBe(200);
    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect((await client.refresh(phone.refresh_token)).status).toBe(401);
    expect(closeUser.mock.calls).toEqual([
      [phone.user.id, CloseCode.Unauthorized, expect.any(String), sessionId],
    ]);
    await expect(client.login('quinn')).rejects.toThrow('invalid_credentials');
    await expect(client.login('quinn', NEW_PASSWORD)).resolves.toBeDefined();
  });

  it('refuses a wrong current password without logging anybody out', async () => {
    const { access_token: token } = await client.register('rosa');

    const answer = await client.call('POST', '/auth/password', {
      token,
      json: { current_password: 'wrong password', new_password: NEW_PASSWORD },
    });

    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await client.statusOf(token)).toBe(200);
    expect(closeUser).not.toHaveBeenCalled();
    await expect(client.login('rosa')).resolves.toBeDefined();
  });

  it('lets one of two changes at the same instant through', async () => {
    const { access_token: token } = await client.register('sam');

    const answers = await Promise.all(
      ['the first of two', 'the second of two'].map((new_password) =>
        client.call('POST', '/auth/password', { token, json: { current_password: PASSWORD, new_password } }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  });

  it('refuses a new password that is too short or too long', async () => {
    const { access_token: token } = await client.register('tom');

    for (const new_password of ['7 bytes', 'x'.repeat(73)]) {
      expect(
        await client.call('POST', '/auth/password', {
          token,
          json: { current_password: PASSWORD, new_password },
        }),
      ).toMatchObject({ status: 400, body: { errors: [{ field: 'new_password' }] } });
    }
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
});

async function tokensOf(userId: number): Promise<{ spent: number; fresh: number }> {
  const [counts] = await server.dataSource.query<[{ spent: number; fresh: number }]>(
    `SELECT count(t.spent_at)::int AS spent, (count(*) - count(t.spent_at))::int AS fresh
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1`,
    [userId],
  );
  return counts;
}

import { CloseCode } from '../../src/protocol/close-codes';
import { AccountClient, PASSWORD } from '../support/account-client';
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

describe('POST /auth/logout', () => {
  it('ends this session at once, its refresh token and its sockets too, and no other', async () => {
    const phone = await client.register('ida');
    const laptop = await client.login('ida');
    const sessionId = await client.sessionOf(phone.access_token);

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
      await client.sessionOf(old.access_token),
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
    expect(sessions[0]!.id).toBe(await client.sessionOf(laptop.access_token));
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
    const sessionId = await client.sessionOf(phone.access_token);
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
    const sessionId = await client.sessionOf(phone.access_token);
    const path = `/auth/sessions/${sessionId.toUpperCase()}`;

    expect((await client.call('DELETE', path, { token: laptop.access_token })).status).toBe(204);

    expect(await client.statusOf(phone.access_token)).toBe('session_revoked');
    expect(closeSession.mock.calls).toEqual([[sessionId, CloseCode.Unauthorized, expect.any(String)]]);
  });

  it('does not find the session of somebody else, nor one that never was', async () => {
    const noah = await client.register('noah');
    const olga = await client.register('olga');

    for (const id of [await client.sessionOf(olga.access_token), '00000000-0000-4000-8000-000000000000']) {
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

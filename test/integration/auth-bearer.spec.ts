import { JwtService } from '@nestjs/jwt';
import { AccessTokens } from '../../src/auth/access-token.service';
import { AccountClient } from '../support/account-client';
import { ManualClock } from '../support/manual-clock';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let client: AccountClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new AccountClient(server);
});
afterAll(() => server.stop());

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

import type { TokenResponse } from '../../../src/protocol/models';
import { AccessTokens } from '../../../src/auth/access-token.service';
import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { AccountClient } from '../../support/account-client';
import { ChatSocket } from '../../support/chat-socket';
import { eventually } from '../../support/eventually';
import { forgedToken } from '../../support/forged-token';
import { nextLook } from '../../support/next-look';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const TOKEN_SECONDS = 900;

describe('the token of an open socket', () => {
  let server: TestServer;
  let time: TimeTravel;
  let accounts: AccountClient;
  let marker: Person;

  beforeAll(async () => {
    server = await startTestServer({ accessTokenSeconds: TOKEN_SECONDS });
    time = new TimeTravel(server);
    time.hurryLooks();
    accounts = new AccountClient(server);
    marker = await aPerson(server, 'marker');
  });
  afterAll(() => server.stop());

  /** Somebody with a session of the ordinary kind, and a socket in the room `general`. */
  const aSocketOf = async (username: string) => {
    const session = await accounts.register(username);
    const socket = await ChatSocket.open(server, null, { path: '/1', token: session.access_token });
    await socket.next('messages_history');
    return { session, socket };
  };
  const refreshed = async ({ refresh_token }: TokenResponse) =>
    (await accounts.refresh<TokenResponse>(refresh_token)).body;
  const expiryOf = (token: string) =>
    server.app.get(AccessTokens, { strict: false }).verify(token).expiresAt.toISOString();

  it('is announced to expire a minute before, once, and may be used 25 s longer', async () => {
    const { session, socket } = await aSocketOf('ada');
    const expiresAt = expiryOf(session.access_token);

    time.advance((TOKEN_SECONDS - 60) * 1000);
    const warning = await socket.next('token_expiring');
    time.advance(60_000 + 24_000);
    const late = await socket.say('with an expired token');
    await nextLook(server, marker);
    await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
    time.advance(1_000);

    await expect(socket.closed).resolves.toMatchObject({ code: 4401 });
    expect(warning.data).toEqual({ expires_at: expiresAt });
    expect(late).toMatchObject({ duplicate: false });
    expect(socket.frames.filter(({ type }) => type === 'token_expiring')).toHaveLength(1);
  });

  it('is renewed on the socket, which lives on, and announced anew when the new one expires', async () => {
    const { session, socket } = await aSocketOf('ben');
    time.advance((TOKEN_SECONDS - 30) * 1000);
    await socket.next('token_expiring');

    const { access_token: token } = await refreshed(session);
    const answer = await socket.request({ type: 'authenticate', token });
    time.advance(120_000);
    await nextLook(server, marker);

    expect(answer).toMatchObject({ type: 'authenticated', data: { expires_at: expiryOf(token) } });
    await expect(socket.say('still here')).resolves.toMatchObject({ duplicate: false });

    time.advance((TOKEN_SECONDS - 120) * 1000);
    const again = await socket.next('token_expiring');
    expect(again.data).toEqual(answer.data);
    await socket.close();
  });

  it('of another session of the user does as well: the socket belongs to that session from then on', async () => {
    const { session, socket } = await aSocketOf('cleo');
    const other = await accounts.login('cleo');

    await socket.request({ type: 'authenticate', token: other.access_token });
    await accounts.call('POST', '/auth/logout', { token: session.access_token });
    await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
    await expect(socket.say('I live on')).resolves.toMatchObject({ duplicate: false });
    await accounts.call('POST', '/auth/logout', { token: other.access_token });

    await expect(socket.closed).resolves.toMatchObject({ code: 4401 });
  });

  it('of somebody else is refused, and so is one that is no good; the socket stays who it was', async () => {
    const { session, socket } = await aSocketOf('dora');
    const somebody = await aPerson(server, 'somebody');
    const gone = await aPerson(server, 'gone');
    const { access_token: good } = session;
    await gone.post('/auth/logout');
    const past = Math.floor(Date.parse(expiryOf(good)) / 1000) - 10_000;
    const codeFor = async (token: string) => (await socket.request({ type: 'authenticate', token })).code;

    const codes = {
      somebody: await codeFor(somebody.token),
      garbage: await codeFor('garbage'),
      unsigned: await codeFor(forgedToken(server, good, { header: { alg: 'none' }, hash: 'none' })),
      expired: await codeFor(forgedToken(server, good, { claims: { iat: past, exp: past + 60 } })),
      revoked: await codeFor(gone.token),
    };

    expect(codes).toEqual({
      somebody: 'forbidden',
      garbage: 'token_invalid',
      unsigned: 'token_invalid',
      expired: 'token_expired',
      revoked: 'session_revoked',
    });
    const { id } = await socket.say('it is still me');
    const { body } = await somebody.get<{ username: string }>(`/rooms/1/messages/${id}`);
    expect(body.username).toBe('dora');
    await socket.close();
  });

  it('leaves no socket behind when its session has ended', async () => {
    const { session, socket } = await aSocketOf('emil');
    const registry = server.app.get(ConnectionRegistry);
    const before = registry.size;

    await accounts.call('POST', '/auth/logout', { token: session.access_token });
    await socket.closed;

    await eventually(() => registry.size < before, 'the socket let go');
  });
});

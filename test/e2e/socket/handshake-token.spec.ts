import { randomUUID } from 'node:crypto';
import { ChatSocket } from '../../support/chat-socket';
import { forgedToken, type Forgery } from '../../support/forged-token';
import { aPerson, type Person } from '../../support/person';
import { refused } from '../../support/refused';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('the token of a handshake', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());

  const enter = (options: Parameters<typeof ChatSocket.open>[2]) => ChatSocket.open(server, null, options);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('comes as a header, in a query or as a subprotocol', async () => {
    const sockets = await Promise.all([
      enter({ headers: bearer(ada.token) }),
      enter({ headers: { authorization: `bearer  ${ada.token} ` } }),
      enter({ path: `?token=${ada.token}` }),
      enter({ protocols: ['chat.v1', `bearer.${ada.token}`] }),
      enter({ protocols: [`bearer.${ada.token}`, 'chat.v1'] }),
    ]);

    const welcomes = await Promise.all(sockets.map((socket) => socket.next('welcome')));
    expect(welcomes).toHaveLength(5);
    for (const { data } of welcomes) expect(data.user.username).toBe('Ada');
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('is never echoed: of the subprotocols, chat.v1 alone is selected, where it is offered', async () => {
    const both = await enter({ protocols: [`bearer.${ada.token}`, 'chat.v1', 'other'] });
    const none = await enter({ headers: bearer(ada.token) });

    expect(both.ws.protocol).toBe('chat.v1');
    expect(none.ws.protocol).toBe('');
    await Promise.all([both.close(), none.close()]);
  });

  it('may come twice if it is the same', async () => {
    const socket = await enter({
      headers: bearer(ada.token),
      path: `?token=${ada.token}&token=${ada.token}`,
      protocols: ['chat.v1', `bearer.${ada.token}`],
    });

    await expect(socket.next('welcome')).resolves.toBeDefined();
    await socket.close();
  });

  it.each([
    ['header and query', () => ({ headers: bearer(ada.token), path: `?token=${bob.token}` })],
    [
      'header and subprotocol',
      () => ({ headers: bearer(ada.token), protocols: ['chat.v1', `bearer.${bob.token}`] }),
    ],
    [
      'query and subprotocol',
      () => ({ path: `?token=${ada.token}`, protocols: ['chat.v1', `bearer.${bob.token}`] }),
    ],
    ['query alone', () => ({ path: `?token=${ada.token}&token=${bob.token}` })],
    ['headers alone', () => ({ headers: { authorization: [`Bearer ${ada.token}`, `Bearer ${bob.token}`] } })],
    ['subprotocols alone', () => ({ protocols: [`bearer.${ada.token}`, `bearer.${bob.token}`] })],
  ])('is refused when two different ones come: %s', async (_, options) => {
    const { status, problem } = await refused(enter(options()));

    expect({ status, code: problem.code }).toEqual({ status: 400, code: 'conflicting_tokens' });
  });

  it.each<[string, Parameters<typeof ChatSocket.open>[2]]>([
    ['nothing', {}],
    ['an empty query', { path: '?token=' }],
    ['an empty subprotocol', { protocols: ['chat.v1', 'bearer.'] }],
    ['another scheme', { headers: { authorization: 'Basic YWRhOnNlY3JldA==' } }],
    ['a scheme without a token', { headers: { authorization: 'Bearer' } }],
    ['a token with a space in it', { headers: { authorization: 'Bearer a b' } }],
  ])('is required: %s is none', async (_, options) => {
    const { status, headers, problem } = await refused(enter(options));

    expect({ status, code: problem.code }).toEqual({ status: 401, code: 'authentication_required' });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  it.each<[string, string, Forgery]>([
    ['expired', 'token_expired', { claims: { iat: hourAgo, exp: hourAgo + 900 } }],
    ['signed with another secret', 'token_invalid', { secret: 'somebody else’s secret of enough bytes' }],
    ['not signed', 'token_invalid', { header: { alg: 'none' }, hash: 'none' }],
    ['not signed, in other letters', 'token_invalid', { header: { alg: 'nOnE' }, hash: 'none' }],
    ['without its signature', 'token_invalid', { hash: 'none' }],
    ['signed by HS384', 'token_invalid', { header: { alg: 'HS384' }, hash: 'sha384' }],
    ['signed by HS512', 'token_invalid', { header: { alg: 'HS512' }, hash: 'sha512' }],
    ['of another issuer', 'token_invalid', { claims: { iss: 'elsewhere' } }],
    ['for another audience', 'token_invalid', { claims: { aud: 'elsewhere' } }],
    ['without an expiry', 'token_invalid', { claims: { exp: undefined } }],
    ['of a session that never was', 'token_invalid', { claims: { sid: randomUUID() } }],
    ['of someone else’s session', 'token_invalid', { claims: { sub: '999999' } }],
    ['of a subject that is no canonical id', 'token_invalid', { claims: { sub: '1e0' } }],
  ])('is refused when it is %s', async (_, code, forgery) => {
    const { status, headers, problem } = await refused(
      enter({ headers: bearer(forgedToken(server, ada.token, forgery)) }),
    );

    expect({ status, code: problem.code }).toEqual({ status: 401, code });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['garbage', 'a.b.c', '..', 'null', 'x'.repeat(4000)])(
    'is refused when it is garbage: %.10s',
    async (token) => {
      const { status, problem } = await refused(enter({ path: `/1?token=${token}` }));

      expect({ status, code: problem.code }).toEqual({ status: 401, code: 'token_invalid' });
    },
  );

  it('forged is the control: the same forging changes nothing of a good token', async () => {
    const socket = await enter({ headers: bearer(forgedToken(server, ada.token, {})) });

    await expect(socket.next('welcome')).resolves.toBeDefined();
    await socket.close();
  });

  it('is refused once its session has been revoked, however it is presented', async () => {
    const cy = await aPerson(server, 'Cyd');
    await cy.post('/auth/logout');

    const answers = await Promise.all([
      refused(enter({ headers: bearer(cy.token) })),
      refused(enter({ path: `/1?token=${cy.token}` })),
      refused(enter({ protocols: ['chat.v1', `bearer.${cy.token}`] })),
    ]);

    expect(answers.map(({ status, problem }) => `${status} ${problem.code}`)).toEqual(
      Array(3).fill('401 session_revoked'),
    );
  });

  it('is not told to anyone in the answer to a refusal', async () => {
    const forged = forgedToken(server, ada.token, { claims: { iss: 'elsewhere' } });

    const { headers, problem } = await refused(enter({ path: `/1?token=${forged}` }));

    expect(JSON.stringify([headers, problem])).not.toContain(forged.slice(0, 30));
  });
});

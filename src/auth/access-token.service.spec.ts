import { createHmac } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { aTestConfig } from '../../test/support/test-config';
import { ManualClock } from '../../test/support/manual-clock';
import { ChatError } from '../common/chat-error';
import { AccessTokens, TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.service';

const SESSION = 'b7d84660-40d9-44d1-b3f5-321f1d781ae2';
const SECRET = 'a secret that only this test knows, and nobody else';
const NAMES = { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE };

const config = aTestConfig({ accessTokenSeconds: 900 });
const clock = new ManualClock();
const nowSeconds = clock.now() / 1000;
const jwt = new JwtService({
  secret: SECRET,
  signOptions: { algorithm: 'HS256', ...NAMES },
  verifyOptions: { algorithms: ['HS256'], ...NAMES, ignoreExpiration: true },
});
const tokens = new AccessTokens(jwt, config, clock);

const GOOD_CLAIMS = { sub: '7', sid: SESSION, role: 'user', iat: nowSeconds, exp: nowSeconds + 900 };

function codeOf(token: string): string {
  try {
    tokens.verify(token);
    return 'accepted';
  } catch (error) {
    return (error as ChatError).code;
  }
}

describe('AccessTokens', () => {
  it('reads from a token who it was signed for and until when it is good', () => {
    const token = tokens.sign({ id: 7, role: 'admin' }, SESSION);

    expect(tokens.verify(token)).toEqual({
      userId: 7,
      sessionId: SESSION,
      expiresAt: new Date(clock.now() + 900_000),
    });
  });

  it('writes the claims of the protocol', () => {
    const token = tokens.sign({ id: 7, role: 'admin' }, SESSION);

    expect(jwt.decode(token)).toEqual({
      sub: '7',
      sid: SESSION,
      role: 'admin',
      iat: nowSeconds,
      exp: nowSeconds + 900,
      iss: 'simple-chat',
      aud: 'simple-chat-api',
    });
  });

  it('accepts a token to the last millisecond and calls it expired from then on', () => {
    const later = new ManualClock();
    const token = tokens.sign({ id: 7, role: 'user' }, SESSION);
    const then = new AccessTokens(jwt, config, later);

    later.advance(899_999);
    expect(then.verify(token).userId).toBe(7);

    later.advance(1);
    expect(() => then.verify(token)).toThrow(expect.objectContaining({ code: 'token_expired' }));
  });

  it('verifies a good token once, and a bad one each time', () => {
    const verify = jest.spyOn(jwt, 'verify');
    const token = tokens.sign({ id: 7, role: 'user' }, SESSION);
    const forged = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(43)}`;

    const codes = [token, forged, token, forged].map(codeOf);

    expect(codes).toEqual(['accepted', 'token_invalid', 'accepted', 'token_invalid']);
    expect(verify.mock.calls.map(([verified]) => verified)).toEqual([token, forged, forged]);
    verify.mockRestore();
  });

  it('accepts the claims that the tests below spoil one by one', () => {
    expect(codeOf(jwt.sign(GOOD_CLAIMS))).toBe('accepted');
  });

  it.each([
    ['sub', undefined],
    ['sub', '0'],
    ['sub', '-7'],
    ['sub', '07'],
    ['sub', ' 7'],
    ['sub', '7.0'],
    ['sub', '1e1'],
    ['sub', '2147483648'],
    ['sid', undefined],
    ['sid', 'none'],
    ['sid', 7],
    ['sid', `${SESSION}0`],
    ['role', undefined],
    ['role', 'root'],
    ['role', ['admin']],
    ['exp', undefined],
    ['exp', nowSeconds + 0.5],
    ['exp', 1e300],
    ['exp', -1],
  ])('refuses a token whose %s is %j', (claim, value) => {
    const { [claim]: _spoilt, ...claims } = GOOD_CLAIMS as Record<string, unknown>;

    expect(codeOf(jwt.sign(value === undefined ? claims : { ...claims, [claim]: value }))).toBe(
      'token_invalid',
    );
  });

  it('refuses a user id that is a number', () => {
    // The library does not sign such a token, so it is put together by hand.
    expect(codeOf(signedByHand({ ...GOOD_CLAIMS, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, sub: 7 }))).toBe(
      'token_invalid',
    );
    expect(codeOf(signedByHand({ ...GOOD_CLAIMS, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE }))).toBe('accepted');
  });

  it.each([
    ['another issuer', { issuer: 'somebody' }],
    ['another audience', { audience: 'others' }],
    ['ours among other audiences', { audience: [TOKEN_AUDIENCE, 'others'] }],
    ['another algorithm', { algorithm: 'HS512' as const }],
    ['another secret', { secret: 'another secret' }],
  ])('refuses a token with %s', (_, options) => {
    expect(codeOf(jwt.sign(GOOD_CLAIMS, options))).toBe('token_invalid');
  });

  it('refuses an unsigned token', () => {
    const unsigned = new JwtService({}).sign(GOOD_CLAIMS, { algorithm: 'none', secret: '', ...NAMES });

    expect(codeOf(unsigned)).toBe('token_invalid');
  });

  it.each(['', 'garbage', 'a.b.c', '..', 'é.é.é'])('refuses %j', (text) => {
    expect(codeOf(text)).toBe('token_invalid');
  });
});

function signedByHand(payload: object): string {
  const body = [{ alg: 'HS256', typ: 'JWT' }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}

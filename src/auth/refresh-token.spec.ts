import { createRefreshToken, refreshTokenHash } from './refresh-token';

describe('refresh tokens', () => {
  it('carry 32 random bytes and are found by their SHA-256', () => {
    const { token, hash } = createRefreshToken();

    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hash).toHaveLength(32);
    expect(refreshTokenHash(token)).toEqual(hash);
    expect(createRefreshToken().token).not.toBe(token);
  });

  it.each(['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}=`, `${'x'.repeat(42)}\0`, '😀'.repeat(43)])(
    'are none of %j',
    (text) => {
      expect(refreshTokenHash(text)).toBeNull();
    },
  );
});

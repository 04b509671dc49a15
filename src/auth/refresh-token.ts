import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** An opaque token that nobody can guess, 32 random bytes as base64url, and the hash under which it is stored. */
export function createRefreshToken(): { token: string; hash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: sha256(token) };
}

/** Under what a presented token would be stored; null for what never was a token. */
export function refreshTokenHash(token: string): Buffer | null {
  return TOKEN_PATTERN.test(token) ? sha256(token) : null;
}

/** Its 256 random bits need neither salt nor a slow hash. */
function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

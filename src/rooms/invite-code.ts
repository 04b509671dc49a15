import { createHash, randomBytes } from 'node:crypto';

const CODE_BYTES = 16;
const CODE_PATTERN = /^[A-Za-z0-9_-]{22}$/;

/** A code that nobody can guess, 16 random bytes as base64url, and the hash under which it is stored. */
export function createInviteCode(): { code: string; hash: Buffer } {
  const code = randomBytes(CODE_BYTES).toString('base64url');
  return { code, hash: sha256(code) };
}

/** Under what a presented code would be stored; null for what never was one. */
export function inviteCodeHash(code: string): Buffer | null {
  return CODE_PATTERN.test(code) ? sha256(code) : null;
}

/** Its 128 random bits need neither salt nor a slow hash. */
function sha256(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

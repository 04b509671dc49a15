import { createSecretKey, type KeyObject } from 'node:crypto';

/**
 * The key that signs and checks tokens. Given the secret as text instead, `jsonwebtoken` would try with every token
 * whether it is a public key, which costs fifty times as much as the check.
 */
export function tokenKey(secret: string): KeyObject {
  return createSecretKey(secret, 'utf8');
}

import { createHmac } from 'node:crypto';
import type { TestServer } from './test-server';

/** What a forger changes of a good token. */
export interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  secret?: string;
  /** The HMAC's hash; none: no signature at all. */
  hash?: 'sha256' | 'sha384' | 'sha512' | 'none';
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The good token with something changed, signed anew: by default with the server's own secret. */
export function forgedToken(server: TestServer, good: string, forgery: Forgery): string {
  const [header, claims] = good
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  const { hash = 'sha256', secret = server.config.jwtSecret } = forgery;
  const content = `${encode({ ...header, ...forgery.header })}.${encode({ ...claims, ...forgery.claims })}`;
  const signature = hash === 'none' ? '' : createHmac(hash, secret).update(content).digest('base64url');
  return `${content}.${signature}`;
}

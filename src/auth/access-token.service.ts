import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { LRUCache } from 'lru-cache';
import { INT4_MAX, parseCanonicalInteger } from '../common/canonical-integer';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import { AppConfig } from '../config/app-config';
import type { UserRole } from '../protocol/models';

/** The one algorithm with which tokens are signed and accepted. */
export const TOKEN_ALGORITHM = 'HS256';
export const TOKEN_ISSUER = 'simple-chat';
export const TOKEN_AUDIENCE = 'simple-chat-api';

/** Tokens of those who ask again and again; each 0.5 KB. */
const KNOWN_MAX = 2000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ROLES: readonly unknown[] = ['user', 'admin'] satisfies UserRole[];

/** What an access token says. Its role is not among it: the role that counts is the one the user has now. */
export interface AccessClaims {
  userId: number;
  sessionId: string;
  expiresAt: Date;
}

/**
 * Signs and reads access tokens.
 *
 * A token is good for its signature and its claims only: whether its session is alive is for
 * `Principals` to say. Expiry goes by the injected clock.
 *
 * What a token says, and that its signature is right, is true for ever: of those that were good it is remembered.
 */
@Injectable()
export class AccessTokens {
  private readonly known = new LRUCache<string, AccessClaims>({ max: KNOWN_MAX });

  constructor(
    private readonly jwt: JwtService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  sign(user: { id: number; role: UserRole }, sessionId: string): string {
    const iat = Math.floor(this.clock.now() / 1000);
    const exp = iat + this.config.accessTokenSeconds;
    return this.jwt.sign({ sub: String(user.id), sid: sessionId, role: user.role, iat, exp });
  }

  /** Throws `token_expired` for a token that was good once, `token_invalid` for any other that is not good now. */
  verify(token: string): AccessClaims {
    const known = this.known.get(token);
    const claims = known ?? this.readClaims(this.verifySignature(token));
    if (claims.expiresAt.getTime() <= this.clock.now()) throw new ChatError('token_expired');
    if (!known) this.known.set(token, claims);
    return claims;
  }

  /** Checks every claim of a payload whose signature has been verified, for type and value. */
  private readClaims(payload: unknown): AccessClaims {
    if (typeof payload !== 'object' || payload === null) throw new ChatError('token_invalid');

    const { iss, aud, sub, sid, role, iat, exp } = payload as Record<string, unknown>;
    const userId = typeof sub === 'string' ? parseCanonicalInteger(sub, { min: 1, max: INT4_MAX }) : null;
    if (
      iss !== TOKEN_ISSUER ||
      aud !== TOKEN_AUDIENCE ||
      userId === null ||
      typeof sid !== 'string' ||
      !UUID.test(sid) ||
      !ROLES.includes(role) ||
      !isTimestamp(iat) ||
      !isTimestamp(exp)
    ) {
      throw new ChatError('token_invalid');
    }
    return { userId, sessionId: sid, expiresAt: new Date(exp * 1000) };
  }

  private verifySignature(token: string): unknown {
    try {
      return this.jwt.verify<object>(token);
    } catch (cause) {
      throw new ChatError('token_invalid', { cause });
    }
  }
}

/** Whether a value is a whole number of seconds that a `Date` can hold. */
function isTimestamp(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= 8.64e12;
}

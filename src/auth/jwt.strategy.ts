import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import { AccessTokens, TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.service';
import { bearerToken } from './bearer-token';
import { Principals } from './principals';
import { tokenKey } from './token-key';

/** Passport's part for REST: the token comes as `Authorization: Bearer`, and from nowhere else. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  /**
   * The name under which Passport knows this strategy. Passport has one table for the whole process,
   * so each application in it needs a name of its own, or the last one would judge for all.
   */
  readonly key = `jwt-${randomUUID()}`;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly principals: Principals,
    config: AppConfig,
  ) {
    super({
      jwtFromRequest: ({ headers }: IncomingMessage) => bearerToken(headers.authorization),
      // What it hands on to `jsonwebtoken` may be a key, which its types do not know yet.
      secretOrKey: tokenKey(config.jwtSecret) as unknown as Buffer,
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      // `AccessTokens` judges it, by the injected clock.
      ignoreExpiration: true,
    });
    passport.use(this.key, this);
  }

  async validate(payload: unknown): Promise<Principal> {
    return this.principals.ofClaims(this.tokens.readClaims(payload));
  }
}

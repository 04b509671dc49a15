import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AppConfig } from '../config/app-config';
import { AccessTokens, TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.service';
import { RedisConnection } from '../redis/redis-connection';
import { AttemptLimits } from './attempt-limits';
import { AttemptStore, LocalAttemptStore } from './attempt-store';
import { JwtAuthGuard } from './jwt-auth.guard';
import { OpenSessions } from './open-sessions';
import { Passwords } from './passwords';
import { PrincipalChanges } from './principal-changes';
import { Principals } from './principals';
import { RedisAttemptStore } from './redis-attempt-store';
import { RolesGuard } from './roles.guard';
import { SessionEnds } from './session-ends';
import { SessionRepository } from './session.repository';
import { tokenKey } from './token-key';

/** Who may come in: tokens, living sessions, passwords, and the guards in front of everything. */
@Module({
  imports: [
    JwtModule.registerAsync({
      inject: [AppConfig],
      useFactory: ({ jwtSecret }: AppConfig) => ({
        secret: tokenKey(jwtSecret),
        signOptions: { algorithm: TOKEN_ALGORITHM, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE },
        verifyOptions: {
          algorithms: [TOKEN_ALGORITHM],
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          // `AccessTokens` judges it, by the injected clock.
          ignoreExpiration: true,
        },
      }),
    }),
  ],
  providers: [
    AccessTokens,
    AttemptLimits,
    {
      provide: AttemptStore,
      inject: [RedisConnection],
      useFactory: (redis: RedisConnection | null) =>
        redis ? new RedisAttemptStore(redis) : new LocalAttemptStore(),
    },
    OpenSessions,
    Passwords,
    PrincipalChanges,
    Principals,
    SessionEnds,
    SessionRepository,
    // In this order: the second judges the principal that the first has found.
    { provide: APP_GUARD, useClass: JwtAuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
  exports: [
    AccessTokens,
    AttemptLimits,
    Passwords,
    PrincipalChanges,
    Principals,
    SessionEnds,
    SessionRepository,
  ],
})
export class AccessModule {}

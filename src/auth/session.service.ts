import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import type { Session } from '../protocol/models';
import { AttemptLimits } from './attempt-limits';
import type { ClientDevice } from './client-device';
import { createRefreshToken, refreshTokenHash } from './refresh-token';
import { SessionEnds } from './session-ends';
import { SessionRepository } from './session.repository';

/** A session with the refresh token that prolongs it; the token is handed out and never seen again. */
export interface OpenSession {
  sessionId: string;
  userId: number;
  refreshToken: string;
}

/** The devices on which users are logged in, from login to logout. */
@Injectable()
export class SessionService {
  private readonly logger = new Logger(SessionService.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly ends: SessionEnds,
    private readonly attempts: AttemptLimits,
    private readonly database: DataSource,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session for the user whom `find` finds to be in order, and holds, in the same transaction. One more than
   * `SESSIONS_MAX` ends the one that was used least lately.
   */
  async openFor<User extends { id: number }>(
    find: (manager: EntityManager) => Promise<User>,
    device: ClientDevice,
  ): Promise<{ user: User; session: OpenSession }> {
    const { ended, ...opened } = await this.database.transaction(async (manager) => {
      const user = await find(manager);
      const now = new Date(this.clock.now());
      const ended = await this.sessions.revokeSurplus(user.id, now, this.config.sessionsMax - 1, manager);
      return { user, session: await this.open(user.id, device, now, manager), ended };
    });
    for (const sessionId of ended) this.ends.session(sessionId, 'session revoked');
    return opened;
  }

  /**
   * Takes a refresh token for the next one. Throws `refresh_token_invalid` for any that is not good;
   * one that was spent before has been copied, so its session ends with it.
   */
  async refresh(token: string, device: ClientDevice): Promise<OpenSession> {
    await this.attempts.fromAddress('refresh', device.ip);
    const hash = refreshTokenHash(token);
    const holder = hash && (await this.sessions.findTokenHolder(hash, new Date(this.clock.now())));
    if (!hash || !holder) throw new ChatError('refresh_token_invalid');
    const { sessionId, userId, isGood } = holder;
    // Before the transaction, which is not to wait for Redis.
    if (isGood) await this.attempts.onAccount('refresh', userId, device.ip);

    // The transaction must commit in either case: a reuse ends the session before it is refused.
    const renewed = await this.database.transaction((manager) =>
      this.rotate(hash, sessionId, device, manager),
    );
    if (renewed === 'reused') {
      this.logger.warn(`A spent refresh token was presented; session ${sessionId} is revoked`);
      this.ends.session(sessionId, 'session revoked');
    }
    if (typeof renewed === 'string') throw new ChatError('refresh_token_invalid');
    return renewed;
  }

  /** The caller's living sessions, the one used last first. */
  async list(principal: Principal): Promise<Session[]> {
    const now = new Date(this.clock.now());
    const sessions = await this.sessions.living(principal.userId, now, this.config.sessionsMax);
    return sessions.map(({ id, userAgent, ip, createdAt, lastUsedAt }) => ({
      id,
      user_agent: userAgent,
      ip,
      created_at: createdAt.toISOString(),
      last_used_at: lastUsedAt.toISOString(),
      current: id === principal.sessionId,
    }));
  }

  /** Ends one of the caller's sessions, perhaps the current one; ending it again changes nothing. */
  async end(sessionId: string, principal: Principal): Promise<void> {
    if (!(await this.sessions.belongsTo(sessionId, principal.userId)))
      throw new ChatError('session_not_found');

    await this.sessions.revoke(sessionId, new Date(this.clock.now()));
    this.ends.session(sessionId, 'session revoked');
  }

  private async open(
    userId: number,
    device: ClientDevice,
    now: Date,
    manager: EntityManager,
  ): Promise<OpenSession> {
    const sessionId = randomUUID();
    await this.sessions.insert(
      { id: sessionId, userId, ...device, createdAt: now, lastUsedAt: now, expiresAt: this.expiryFrom(now) },
      manager,
    );
    return { sessionId, userId, refreshToken: await this.issueToken(sessionId, now, manager) };
  }

  private async rotate(
    hash: Buffer,
    sessionId: string,
    device: ClientDevice,
    manager: EntityManager,
  ): Promise<OpenSession | 'dead' | 'reused'> {
    const now = new Date(this.clock.now());
    const session = await this.sessions.lockWithUser(sessionId, manager);
    if (!session || session.revokedAt || session.expiresAt <= now || !session.isActive) return 'dead';

    // Read after the lock: of several who present one token at once, all but the first find it spent.
    const token = await this.sessions.findToken(hash, manager);
    if (!token) return 'dead';
    if (token.spentAt) {
      await this.sessions.revoke(sessionId, now, manager);
      return 'reused';
    }

    await this.sessions.spendToken(hash, now, manager);
    await this.sessions.touch(
      sessionId,
      { ...device, lastUsedAt: now, expiresAt: this.expiryFrom(now) },
      manager,
    );
    await this.sessions.pruneTokens(sessionId, this.oldestUsefulFrom(now), manager);
    const refreshToken = await this.issueToken(sessionId, now, manager);
    return { sessionId, userId: session.userId, refreshToken };
  }

  private async issueToken(sessionId: string, createdAt: Date, manager: EntityManager): Promise<string> {
    const { token, hash } = createRefreshToken();
    await this.sessions.insertToken({ hash, sessionId, createdAt }, manager);
    return token;
  }

  private expiryFrom(now: Date): Date {
    return new Date(now.getTime() + this.config.refreshTokenSeconds * 1000);
  }

  /** A token spent before this would have expired by now; it tells of no theft any more. */
  private oldestUsefulFrom(now: Date): Date {
    return new Date(now.getTime() - this.config.refreshTokenSeconds * 1000);
  }
}

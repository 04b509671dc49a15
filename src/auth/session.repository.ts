import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan, Not } from 'typeorm';
import { askedTogether, OF_A_CROWD } from '../common/asked-together';
import { Clock } from '../common/clock';
import { type NamedStatement, runNamed } from '../database/run-statement';
import type { UserRole } from '../protocol/models';
import { RefreshTokenEntity } from './refresh-token.entity';
import { SessionEntity } from './session.entity';

/** A session with what decides whether it lives and who acts in it. */
export interface SessionWithUser {
  userId: number;
  revokedAt: Date | null;
  expiresAt: Date;
  /** Null once the account is deleted. */
  username: string | null;
  role: UserRole;
  isActive: boolean;
}

/** Who was given a refresh token. */
export interface TokenHolder {
  sessionId: string;
  userId: number;
  /** Whether the token is not spent, and its session lives. */
  isGood: boolean;
}

const TOKEN_HOLDER = `
  SELECT s.id AS "sessionId", s.user_id AS "userId",
         t.spent_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > $2 AS "isGood"
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
   WHERE t.hash = $1`;

const SESSION_WITH_USER = `
  SELECT s.user_id AS "userId", s.revoked_at AS "revokedAt", s.expires_at AS "expiresAt",
         u.username, u.role, u.is_active AS "isActive"`;

const ONE_FOR_UPDATE = `${SESSION_WITH_USER}
    FROM sessions s JOIN users u ON u.id = s.user_id
   WHERE s.id = $1 FOR UPDATE OF s`;

const MANY: NamedStatement = {
  name: 'sessions-with-users',
  text: `${SESSION_WITH_USER}, asked.nr
    FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, nr)
    JOIN sessions s ON s.id = asked.id
    JOIN users u ON u.id = s.user_id`,
};

const REVOKE_SURPLUS = `
  UPDATE sessions SET revoked_at = $2 WHERE revoked_at IS NULL AND id IN (
    SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
    ORDER BY last_used_at DESC, id OFFSET $3 LIMIT $4)
  RETURNING id`;

/** Sessions that one login ends at most: each is announced. More there are only where fewer are allowed than before. */
const SURPLUS_AT_ONCE = 100;

/** Sessions that one statement removes, far within the time that a statement may take. */
const PRUNED_AT_ONCE = 1000;

const PRUNE = `
  DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Sessions and the refresh tokens that belong to them. Methods with a `manager` join its transaction. */
@Injectable()
export class SessionRepository {
  /** Null for a session that is not there. Those who ask at the same moment share a query. */
  readonly findWithUser: (sessionId: string) => Promise<SessionWithUser | null>;

  constructor(
    private readonly database: DataSource,
    clock: Clock,
  ) {
    this.findWithUser = askedTogether(clock, (sessionIds) => this.findManyWithUser(sessionIds), OF_A_CROWD);
  }

  /** The same, with the session locked to the end of the transaction. */
  async lockWithUser(sessionId: string, manager: EntityManager): Promise<SessionWithUser | null> {
    const rows = await manager.query<SessionWithUser[]>(ONE_FOR_UPDATE, [sessionId]);
    return rows[0] ?? null;
  }

  async insert(session: Omit<SessionEntity, 'revokedAt'>, manager: EntityManager): Promise<void> {
    await manager.insert(SessionEntity, session);
  }

  /** Notes that a session was used, from where, and until when it lives now. */
  async touch(
    sessionId: string,
    use: Pick<SessionEntity, 'ip' | 'userAgent' | 'lastUsedAt' | 'expiresAt'>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.update(SessionEntity, sessionId, use);
  }

  /** The living sessions of a user, the one used last first, `limit` at most. */
  async living(userId: number, now: Date, limit: number): Promise<SessionEntity[]> {
    return this.database.manager.find(SessionEntity, {
      where: { userId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
      order: { lastUsedAt: 'DESC', id: 'ASC' },
      take: limit,
    });
  }

  /** Which of the sessions have ended, or belong to an account that was deactivated or deleted; each once. */
  async endedAmong(sessionIds: string[], now: Date): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }[]>(
      `SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
        WHERE NOT EXISTS (
          SELECT FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.id = asked.id AND s.revoked_at IS NULL AND s.expires_at > $2
             AND u.is_active AND u.username IS NOT NULL)`,
      [sessionIds, now],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether the user has, or had, this session. */
  async belongsTo(sessionId: string, userId: number): Promise<boolean> {
    return this.database.manager.existsBy(SessionEntity, { id: sessionId, userId });
  }

  /** Does nothing to a session that has been revoked before. */
  async revoke(sessionId: string, now: Date, manager = this.database.manager): Promise<void> {
    await manager.update(SessionEntity, { id: sessionId, revokedAt: IsNull() }, { revokedAt: now });
  }

  /** Revokes all sessions of a user but `exceptSessionId`. */
  async revokeOfUser(
    userId: number,
    now: Date,
    manager: EntityManager,
    exceptSessionId?: string,
  ): Promise<void> {
    await manager.update(
      SessionEntity,
      { userId, revokedAt: IsNull(), ...(exceptSessionId && { id: Not(exceptSessionId) }) },
      { revokedAt: now },
    );
  }

  /**
   * Revokes the living sessions of a user but the `kept` used last, and gives their ids; of very many it leaves some to
   * the next call. It reads all of them, by an index.
   */
  async revokeSurplus(userId: number, now: Date, kept: number, manager: EntityManager): Promise<string[]> {
    const parameters = [userId, now, kept, SURPLUS_AT_ONCE];
    const [revoked] = await manager.query<[{ id: string }[], number]>(REVOKE_SURPLUS, parameters);
    return revoked.map(({ id }) => id);
  }

  async findToken(hash: Buffer, manager: EntityManager): Promise<RefreshTokenEntity | null> {
    return manager.findOneBy(RefreshTokenEntity, { hash });
  }

  /** Whose token it is, and whether it could be spent at that time. */
  async findTokenHolder(hash: Buffer, now: Date): Promise<TokenHolder | null> {
    const rows = await this.database.query<TokenHolder[]>(TOKEN_HOLDER, [hash, now]);
    return rows[0] ?? null;
  }

  async insertToken(token: Omit<RefreshTokenEntity, 'spentAt'>, manager: EntityManager): Promise<void> {
    await manager.insert(RefreshTokenEntity, token);
  }

  async spendToken(hash: Buffer, now: Date, manager: EntityManager): Promise<void> {
    await manager.update(RefreshTokenEntity, { hash }, { spentAt: now });
  }

  /** Removes the session's tokens that were spent before `limit`. */
  async pruneTokens(sessionId: string, limit: Date, manager: EntityManager): Promise<void> {
    await manager.query(`DELETE FROM refresh_tokens WHERE session_id = $1 AND spent_at < $2`, [
      sessionId,
      limit,
    ]);
  }

  /** Removes sessions that ended before `limit`, and their tokens with them; what another node removes is left to it. */
  async pruneSessions(limit: Date): Promise<void> {
    let removed = PRUNED_AT_ONCE;
    while (removed === PRUNED_AT_ONCE) {
      [, removed] = await this.database.query<[unknown[], number]>(PRUNE, [limit, PRUNED_AT_ONCE]);
    }
  }

  private async findManyWithUser(sessionIds: readonly string[]): Promise<(SessionWithUser | null)[]> {
    const rows = await runNamed<SessionWithUser & { nr: number }>(this.database, MANY, [sessionIds]);
    const found = new Map(rows.map(({ nr, ...session }) => [nr, session]));
    return sessionIds.map((_, index) => found.get(index + 1) ?? null);
  }
}

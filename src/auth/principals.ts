import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { ReadsUnderWay } from '../common/reads-under-way';
import { Renewals } from '../common/renewals';
import { AccessTokens } from './access-token.service';
import { SessionRepository } from './session.repository';

/** So long at most a session is accepted here that has ended on another node whose announcement was lost. */
const TTL_MS = 10_000;
/** From this age on, a session in use is read again before the end. */
const RENEWED_AFTER_MS = 9_000;
const MAX_SESSIONS = 20_000;

interface KnownSession {
  principal: Principal;
  expiresAt: number;
  /** When it is time to read it again, in monotonic milliseconds; `Infinity` once that has been seen to. */
  renewAt: number;
}

/**
 * Who acts, as of now: the living session behind a token, with the name and the role its user has at
 * this moment.
 *
 * Answers come from a small cache, or from one query. `dropSession` and `dropUser` take effect at once on
 * this node, also on a query under way: what it started to read before the drop is read again. Other
 * nodes follow within `TTL_MS`.
 */
@Injectable()
export class Principals {
  private readonly known: LRUCache<string, KnownSession>;
  /** By user and session. */
  private readonly reads = new ReadsUnderWay<KnownSession>();
  private readonly renewals: Renewals;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
  ) {
    this.renewals = new Renewals(clock);
    this.known = new LRUCache({
      max: MAX_SESSIONS,
      ttl: TTL_MS,
      ttlResolution: 0,
      perf: { now: () => clock.monotonic() },
    });
  }

  /**
   * Judges an access token. Throws `token_invalid` or `token_expired` for the token, `session_revoked` for a
   * session that was revoked, has expired, or whose user was deactivated or deleted.
   */
  async authenticate(token: string): Promise<{ principal: Principal; expiresAt: Date }> {
    const { userId, sessionId, expiresAt } = this.tokens.verify(token);
    return { principal: await this.find(userId, sessionId), expiresAt };
  }

  /** The same principal as of now; throws like `authenticate`. Synchronous, and cheap, while cached. */
  current(principal: Principal): Principal | Promise<Principal> {
    return this.find(principal.userId, principal.sessionId);
  }

  /** Forgets a session; the next question goes to the database. Call it after the commit that ended it. */
  dropSession(sessionId: string): void {
    this.known.delete(sessionId);
    this.reads.changedWhere((key) => key.endsWith(keyOf('', sessionId)));
  }

  /** Forgets all sessions of a user. Call it after the commit that changed them. */
  dropUser(userId: number): void {
    for (const [sessionId, { principal }] of this.known) {
      if (principal.userId === userId) this.known.delete(sessionId);
    }
    this.reads.changedWhere((key) => key.startsWith(keyOf(userId, '')));
  }

  private find(userId: number, sessionId: string): Principal | Promise<Principal> {
    const known = this.known.get(sessionId);
    if (known && known.principal.userId === userId && known.expiresAt > this.clock.now()) {
      if (known.renewAt <= this.clock.monotonic()) {
        known.renewAt = Infinity;
        this.renewals.add(() => this.load(userId, sessionId));
      }
      return known.principal;
    }
    return this.load(userId, sessionId);
  }

  private async load(userId: number, sessionId: string): Promise<Principal> {
    const read = () => this.readLiving(userId, sessionId);
    const keep = (session: KnownSession) => void this.known.set(sessionId, session);
    return (await this.reads.read(keyOf(userId, sessionId), read, keep)).principal;
  }

  private async readLiving(userId: number, sessionId: string): Promise<KnownSession> {
    const session = await this.sessions.findWithUser(sessionId);
    if (session?.userId !== userId) throw new ChatError('token_invalid');

    const { username, role, isActive, revokedAt, expiresAt } = session;
    if (revokedAt || expiresAt.getTime() <= this.clock.now() || !isActive || username === null) {
      // Also where it was read ahead of time, for nobody who waits.
      this.known.delete(sessionId);
      throw new ChatError('session_revoked', { userId });
    }
    return {
      principal: { userId, username, role, sessionId },
      expiresAt: expiresAt.getTime(),
      renewAt: this.clock.monotonic() + RENEWED_AFTER_MS,
    };
  }
}

function keyOf(userId: number | '', sessionId: string): string {
  return `${userId}:${sessionId}`;
}

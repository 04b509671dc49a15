import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { Renewals } from '../common/renewals';
import { AccessTokens } from './access-token.service';
import { SessionRepository } from './session.repository';

/** How long a node may believe what it has read of a session when another node ends it. */
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

interface Load {
  userId: number;
  result: Promise<Principal>;
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
  /** Queries under way by session. A drop removes the entry, which tells its query that it is out of date. */
  private readonly loads = new Map<string, Load>();
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
    this.loads.delete(sessionId);
  }

  /** Forgets all sessions of a user. Call it after the commit that changed them. */
  dropUser(userId: number): void {
    for (const [sessionId, { principal }] of this.known) {
      if (principal.userId === userId) this.known.delete(sessionId);
    }
    for (const [sessionId, load] of this.loads) {
      if (load.userId === userId) this.loads.delete(sessionId);
    }
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

  private load(userId: number, sessionId: string): Promise<Principal> {
    const running = this.loads.get(sessionId);
    if (running?.userId === userId) return running.result;

    const load = { userId } as Load;
    load.result = this.read(load, sessionId);
    this.loads.set(sessionId, load);
    return load.result;
  }

  private async read(load: Load, sessionId: string): Promise<Principal> {
    try {
      const known = await this.readLiving(load.userId, sessionId);
      if (this.loads.get(sessionId) !== load) return await this.load(load.userId, sessionId);

      this.known.set(sessionId, known);
      return known.principal;
    } finally {
      if (this.loads.get(sessionId) === load) this.loads.delete(sessionId);
    }
  }

  private async readLiving(userId: number, sessionId: string): Promise<KnownSession> {
    const session = await this.sessions.findWithUser(sessionId);
    if (session?.userId !== userId) throw new ChatError('token_invalid');

    const { username, role, isActive, revokedAt, expiresAt } = session;
    if (revokedAt || expiresAt.getTime() <= this.clock.now() || !isActive || username === null) {
      throw new ChatError('session_revoked', { userId });
    }
    return {
      principal: { userId, username, role, sessionId },
      expiresAt: expiresAt.getTime(),
      renewAt: this.clock.monotonic() + RENEWED_AFTER_MS,
    };
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Recurring } from '../common/recurring';
import { CloseCode } from '../protocol/close-codes';
import type { Connection } from '../realtime/connection';
import { NodeLink } from '../realtime/broker/node-link';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { Principals } from './principals';
import { SessionRepository } from './session.repository';

/** With what it takes to run and to close, an ended session is found within 15 s. */
const RHYTHM = { intervalMs: 8_000, jitterMs: 3_000, retryMs: 1_000, random: Math.random };
/** Sessions of one query. */
const CHUNK = 1_000;

/**
 * Looks whether the sessions with open sockets on this node still live.
 *
 * Other nodes announce what they end, and an announcement may be lost, with the broker down or up. So this runs always,
 * and asks by primary key, in chunks, one after the other: ten queries for 10,000 sockets. It is brought forward when
 * announcements may have been missed.
 */
@Injectable()
export class OpenSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OpenSessions.name);
  private readonly rounds: Recurring;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly principals: Principals,
    private readonly connections: ConnectionRegistry,
    link: NodeLink,
    private readonly clock: Clock,
  ) {
    this.rounds = new Recurring(
      clock,
      RHYTHM,
      () => this.look(),
      (error) => this.logger.warn(`Open sessions could not be looked at: ${String(error)}`),
    );
    link.onGap(() => void this.check());
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  onModuleDestroy(): void {
    this.rounds.stop();
  }

  /** Looks now. */
  check(): Promise<void> {
    return this.rounds.hurry();
  }

  private async look(): Promise<void> {
    const open = new Map<string, Connection[]>();
    for (const connection of this.connections.all()) {
      const { sessionId } = connection.principal;
      const ofSession = open.get(sessionId);
      if (ofSession) ofSession.push(connection);
      else open.set(sessionId, [connection]);
    }
    const sessionIds = [...open.keys()];
    for (let at = 0; at < sessionIds.length; at += CHUNK) {
      const asked = sessionIds.slice(at, at + CHUNK);
      const living = await this.sessions.livingAmong(asked, new Date(this.clock.now()));
      for (const sessionId of asked) if (!living.has(sessionId)) this.end(sessionId, open.get(sessionId)!);
    }
  }

  private end(sessionId: string, sockets: readonly Connection[]): void {
    this.principals.dropSession(sessionId);
    for (const socket of sockets) {
      // Meanwhile it may have shown a token of another session.
      if (socket.principal.sessionId === sessionId) socket.close(CloseCode.Unauthorized, 'session revoked');
    }
  }
}

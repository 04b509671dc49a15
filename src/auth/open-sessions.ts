import { Injectable } from '@nestjs/common';
import { chunks } from '../common/chunks';
import { Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import { RegularLooks } from '../realtime/broker/regular-looks';
import type { Connection } from '../realtime/connection';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { Principals } from './principals';
import { SessionRepository } from './session.repository';

/** Sockets of one query. */
const CHUNK = 1_000;

/**
 * Looks whether the sessions with open sockets on this node still live.
 *
 * It asks by primary key, in chunks, one after the other: ten queries for 10,000 sockets, whose answers are empty while
 * nobody's session has ended.
 */
@Injectable()
export class OpenSessions {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly principals: Principals,
    private readonly connections: ConnectionRegistry,
    private readonly clock: Clock,
    looks: RegularLooks,
  ) {
    looks.add('Open sessions', () => this.look());
  }

  private async look(): Promise<void> {
    for (const asked of chunks(this.connections.all(), CHUNK)) {
      const sessionIds = asked.map(({ principal }) => principal.sessionId);
      const ended = await this.sessions.endedAmong(sessionIds, new Date(this.clock.now()));
      for (const sessionId of ended) this.end(sessionId, asked);
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

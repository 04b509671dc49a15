import { Injectable } from '@nestjs/common';
import { chunks } from '../common/chunks';
import { Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import { RegularLooks } from '../realtime/broker/regular-looks';
import type { Connection } from '../realtime/connection';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { Principals } from './principals';
import { SessionRepository } from './session.repository';

/** Sessions of one query. */
const CHUNK = 1_000;

/**
 * Looks whether the sessions with open sockets on this node still live.
 *
 * It asks by primary key, in chunks, one after the other: ten queries for 10,000 sockets.
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
    const open = new Map<string, Connection[]>();
    for (const connection of this.connections.all()) {
      const { sessionId } = connection.principal;
      const ofSession = open.get(sessionId);
      if (ofSession) ofSession.push(connection);
      else open.set(sessionId, [connection]);
    }
    for (const asked of chunks([...open.keys()], CHUNK)) {
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

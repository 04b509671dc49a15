import { Injectable } from '@nestjs/common';
import { CloseCode } from '../protocol/close-codes';
import { NodeLink } from '../realtime/broker/node-link';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { Principals } from './principals';

/**
 * What follows, on every node, once the database has committed the end of sessions: nobody is taken for living from
 * the cache any more, and their sockets close with 4401. What a node does not hear of, it finds by `OpenSessions`.
 */
@Injectable()
export class SessionEnds {
  constructor(
    private readonly principals: Principals,
    private readonly connections: ConnectionRegistry,
    private readonly link: NodeLink,
  ) {
    link.on('session_ended', ({ session_id, reason }) => this.endSession(session_id, reason));
    link.on('user_sessions_ended', ({ user_id, reason, except_session_id }) =>
      this.endUser(user_id, reason, except_session_id),
    );
  }

  /** One session has ended. */
  session(sessionId: string, reason: string): void {
    this.endSession(sessionId, reason);
    this.link.publish({ type: 'session_ended', session_id: sessionId, reason });
  }

  /** All sessions of a user but `exceptSessionId` have ended. */
  user(userId: number, reason: string, exceptSessionId: string | null = null): void {
    this.endUser(userId, reason, exceptSessionId);
    const ended = { user_id: userId, reason, except_session_id: exceptSessionId };
    this.link.publish({ type: 'user_sessions_ended', ...ended });
  }

  private endSession(sessionId: string, reason: string): void {
    this.principals.dropSession(sessionId);
    this.connections.closeSession(sessionId, CloseCode.Unauthorized, reason);
  }

  private endUser(userId: number, reason: string, exceptSessionId: string | null): void {
    this.principals.dropUser(userId);
    this.connections.closeUser(userId, CloseCode.Unauthorized, reason, exceptSessionId ?? undefined);
  }
}

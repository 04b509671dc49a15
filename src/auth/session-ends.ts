import { Injectable } from '@nestjs/common';
import { CloseCode } from '../protocol/close-codes';
import { ConnectionRegistry } from '../realtime/connection-registry';
import { Principals } from './principals';

/**
 * What follows on this node once the database has committed the end of sessions: nobody is
 * taken for living from the cache any more, and their sockets close with 4401.
 */
@Injectable()
export class SessionEnds {
  constructor(
    private readonly principals: Principals,
    private readonly connections: ConnectionRegistry,
  ) {}

  /** One session has ended. */
  session(sessionId: string, reason: string): void {
    this.principals.dropSession(sessionId);
    this.connections.closeSession(sessionId, CloseCode.Unauthorized, reason);
  }

  /** All sessions of a user but `exceptSessionId` have ended. */
  user(userId: number, reason: string, exceptSessionId?: string): void {
    this.principals.dropUser(userId);
    this.connections.closeUser(userId, CloseCode.Unauthorized, reason, exceptSessionId);
  }
}

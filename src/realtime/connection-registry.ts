import type { CloseCode } from '../protocol/close-codes';
import type { Connection } from './connection';

/** This node's connections by id, user and session. */
export class ConnectionRegistry {
  private readonly byId = new Map<string, Connection>();
  private readonly byUser = new Map<number, Set<Connection>>();

  get size(): number {
    return this.byId.size;
  }

  add(connection: Connection): void {
    this.byId.set(connection.id, connection);
    const { userId } = connection.principal;
    const ofUser = this.byUser.get(userId);
    if (ofUser) ofUser.add(connection);
    else this.byUser.set(userId, new Set([connection]));
  }

  remove(connection: Connection): void {
    this.byId.delete(connection.id);
    const { userId } = connection.principal;
    const ofUser = this.byUser.get(userId);
    ofUser?.delete(connection);
    if (ofUser?.size === 0) this.byUser.delete(userId);
  }

  all(): Connection[] {
    return [...this.byId.values()];
  }

  ofUser(userId: number): Connection[] {
    return [...(this.byUser.get(userId) ?? [])];
  }

  /** Ends the sockets of one session. */
  closeSession(sessionId: string, code: CloseCode, reason: string): void {
    for (const connection of this.all()) {
      if (connection.principal.sessionId === sessionId) connection.close(code, reason);
    }
  }

  /** Ends the sockets of a user, except those of `exceptSessionId`. */
  closeUser(userId: number, code: CloseCode, reason: string, exceptSessionId?: string): void {
    for (const connection of this.ofUser(userId)) {
      if (connection.principal.sessionId !== exceptSessionId) connection.close(code, reason);
    }
  }
}

import type { CloseCode } from '../protocol/close-codes';
import type { Connection } from './connection';

/** This node's connections, and those of each user. */
export class ConnectionRegistry {
  private readonly open = new Set<Connection>();
  /** Most users have one connection, and a set of one takes as much memory as the rest of a silent connection. */
  private readonly byUser = new Map<number, Connection | Set<Connection>>();

  get size(): number {
    return this.open.size;
  }

  add(connection: Connection): void {
    this.open.add(connection);
    const { userId } = connection.principal;
    const ofUser = this.byUser.get(userId);
    if (ofUser instanceof Set) ofUser.add(connection);
    else this.byUser.set(userId, ofUser ? new Set([ofUser, connection]) : connection);
  }

  remove(connection: Connection): void {
    this.open.delete(connection);
    const { userId } = connection.principal;
    const ofUser = this.byUser.get(userId);
    if (ofUser instanceof Set) ofUser.delete(connection);
    if (ofUser === connection || (ofUser instanceof Set && ofUser.size === 0)) this.byUser.delete(userId);
  }

  /** One after the other; those that close meanwhile are left out. */
  [Symbol.iterator](): Iterator<Connection> {
    return this.open.values();
  }

  all(): Connection[] {
    return [...this.open];
  }

  ofUser(userId: number): Connection[] {
    const ofUser = this.byUser.get(userId);
    return ofUser instanceof Set ? [...ofUser] : ofUser ? [ofUser] : [];
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

import type { CloseCode } from '../protocol/close-codes';

/** This node's connections by id, user and session. */
export class ConnectionRegistry {
  /** Ends the sockets of one session. */
  closeSession(_sessionId: string, _code: CloseCode, _reason: string): void {}

  /** Ends the sockets of a user, except those of `exceptSessionId`. */
  closeUser(_userId: number, _code: CloseCode, _reason: string, _exceptSessionId?: string): void {}
}

import type { MessageMappingProperties } from '@nestjs/websockets';
import { LRUCache } from 'lru-cache';
import type { Observable } from 'rxjs';
import type { Connection } from '../../realtime/connection';

/**
 * What a gateway does with the frames of a type: guards, pipes, interceptors, handler. Rejects or errs like these; what
 * interceptors have to do with is an observable, also within the promise.
 */
export type FrameHandler = (
  body: Record<string, unknown>,
  type: string,
) => Promise<unknown> | Observable<unknown>;

/** Clients whose handlers are kept; those of all others are made again, in microseconds, when they send something. */
const SPEAKERS_MAX = 2000;

/**
 * What the gateways do with the frames of each client.
 *
 * Nest binds every handler of every gateway to every client, which takes several times the memory of a silent
 * connection. So it is told of a client when that sends its first frame, and what it binds is kept for those who spoke last.
 */
export class Gateways {
  /** One of each gateway: has Nest bind its handlers. */
  private readonly binders: ((connection: Connection) => void)[] = [];
  private readonly handlers = new LRUCache<Connection, Map<string, FrameHandler>>({ max: SPEAKERS_MAX });

  addBinder(bind: (connection: Connection) => void): void {
    this.binders.push(bind);
  }

  /** Takes what Nest has bound. Each gateway adds its frames to those of the others: a client has one order for all. */
  bind(connection: Connection, bound: MessageMappingProperties[]): void {
    const handlers = this.handlers.get(connection) ?? new Map<string, FrameHandler>();
    this.handlers.set(connection, handlers);
    for (const { message, callback } of bound) handlers.set(String(message), callback);
  }

  /** By type. */
  handlersOf(connection: Connection): ReadonlyMap<string, FrameHandler> {
    const known = this.handlers.get(connection);
    if (known) return known;
    for (const bind of this.binders) bind(connection);
    return this.handlers.get(connection) ?? new Map();
  }

  forget(connection: Connection): void {
    this.handlers.delete(connection);
  }
}

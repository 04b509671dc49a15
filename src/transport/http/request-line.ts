import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests of one connection that may wait; nobody who pipelines means as many. */
const WAITING_MAX = 100;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The requests of each connection, one after the other: the next is handled when the answer to the last has left.
 *
 * Node hands over at once all that a client has sent without waiting for answers (pipelining; RFC 9112, section 9.3.2). Of
 * an answer that stands behind another it then tells neither that its client takes nothing nor that it is gone, so
 * what the handler holds for it, memory or an open file, would be held for good.
 */
export class RequestLine {
  /** What waits on connections with a request under way. */
  private readonly waiting = new WeakMap<Duplex, (() => void)[]>();

  /** `handle`, called for one request of a connection at a time. A client with too many of them is cut off. */
  oneByOne(handle: Handler): Handler {
    return (request, response) => {
      this.whenFree(request.socket, () => this.begin(request, response, handle));
    };
  }

  /** Whether a request of this connection is being handled, or its answer is on its way. */
  isBusy(wire: Duplex): boolean {
    return this.waiting.has(wire);
  }

  /** Calls `next` once the requests before it have been answered; at once if there are none, never if the client goes. */
  whenFree(wire: Duplex, next: () => void): void {
    const waiting = this.waiting.get(wire);
    if (!waiting) next();
    else if (waiting.length < WAITING_MAX) waiting.push(next);
    else wire.destroy();
  }

  private begin(request: IncomingMessage, response: ServerResponse, handle: Handler): void {
    const wire = request.socket;
    this.waiting.set(wire, []);
    response.once('close', () => this.goOn(wire));
    handle(request, response);
  }

  private goOn(wire: Duplex): void {
    const waiting = this.waiting.get(wire) ?? [];
    this.waiting.delete(wire);
    if (wire.destroyed) return;
    waiting.shift()?.();
    // It was a request; nothing comes behind what is none.
    this.waiting.get(wire)?.unshift(...waiting);
  }
}

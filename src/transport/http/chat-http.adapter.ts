import type { Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

type NotFoundHandler = Parameters<ExpressAdapter['setNotFoundHandler']>[0];

/**
 * TCP connections that wait to be accepted; the system may allow fewer (`net.core.somaxconn`). Node's own 511 are taken
 * at once when thousands dial together, and those beyond try again seconds later, or fail, unheard by us: to be told by
 * us when to come again is sooner.
 */
const BACKLOG = 4096;

/** Express, with Nest's answer to unknown paths everywhere (of itself it stops at the global prefix), and room for a storm. */
export class ChatHttpAdapter extends ExpressAdapter {
  override setNotFoundHandler(handler: NotFoundHandler): unknown {
    return super.setNotFoundHandler(handler);
  }

  /** Nest calls it with the port, the host where one was given, and what to call once the server listens. */
  override listen(port: string | number, ...args: (string | (() => void) | undefined)[]): Server {
    const host = args.find((arg) => typeof arg === 'string');
    const listening = args.find((arg) => typeof arg === 'function');
    return (this.httpServer as Server).listen({ port: Number(port), host, backlog: BACKLOG }, listening);
  }
}

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express, Request, Response } from 'express';
import { ChatError } from '../../common/chat-error';
import { EncodedJson } from '../../common/encoded-json';
import { answerWithProblem } from './answer-with-problem';
import { neutralError } from '../neutral-error';
import { RequestLine } from './request-line';

type NotFoundHandler = Parameters<ExpressAdapter['setNotFoundHandler']>[0];

/**
 * TCP connections that wait to be accepted; the system may allow fewer (`net.core.somaxconn`). Node's own 511 are taken
 * at once when thousands dial together, and those beyond try again seconds later, or fail, unheard by us: to be told by
 * us when to come again is sooner.
 */
const BACKLOG = 4096;

/** The head of a request has so long to arrive, the first of a connection from its start on; looked at every ten seconds. */
const HEAD_TIMEOUT_MS = 30_000;
const TIMEOUTS_LOOK_MS = 10_000;

/** A request has so long to arrive with its body, however slowly: Node's own five minutes hold a connection for little. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Express, with Nest's answer to unknown paths everywhere (of itself it stops at the global prefix), answers that are
 * encoded already, problem documents for what it does not route, one request of a connection at a time, and room for a storm.
 */
export class ChatHttpAdapter extends ExpressAdapter {
  /** What goes on on each connection. */
  readonly requests = new RequestLine();
  private stuckMs = 0;

  /** Of plain HTTP, without any of Nest's options: what Node and Express would refuse in their own way is answered in ours. */
  override initHttpServer(): void {
    const handle: Express = this.getInstance();
    const answer = this.requests.oneByOne((request, response) => {
      request.socket.setTimeout(this.stuckMs);
      handle(request as Request, response as Response, (error?: unknown) => {
        // Without an error, Express could not read the address; whatever it can, Nest has an answer to.
        const refusal = error === undefined ? unreadableAddress() : neutralError(error);
        answerWithProblem(request, response, refusal);
      });
    });
    // A missing `Host` is refused by `refuseOddHeads`.
    const options = {
      requireHostHeader: false,
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUTS_LOOK_MS,
    };
    this.httpServer = createServer(options, answer);
  }

  /**
   * Ends connections that take nothing of an answer for so long, or for twice that: Node lets a write that has moved since
   * it last looked have one time more. The time is set with each request (before the first, `HEAD_TIMEOUT_MS` holds, after
   * the last `keepAliveTimeout`): a timer from the start would stay in the memory of every connection that becomes a
   * WebSocket.
   */
  cutOffStuckReaders(afterMs: number): void {
    this.stuckMs = afterMs;
    (this.httpServer as Server).on('timeout', (wire: Socket) => {
      // A handler may take its time.
      if (wire.writableLength > 0 || !this.requests.isBusy(wire)) wire.destroy();
    });
  }

  /** Without the prefix that Nest gives along, to which its own adapter would keep the handler. */
  override setNotFoundHandler(handler: NotFoundHandler): unknown {
    return super.setNotFoundHandler(handler);
  }

  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (!(body instanceof EncodedJson)) return super.reply(response, body, statusCode) as unknown;
    if (statusCode !== undefined) response.status(statusCode);
    // Not by Express's `send`, which asks what a body of bytes may be.
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', body.bytes.length);
    return response.end(body.bytes);
  }

  /** Nest calls it with the port, the host where one was given, and what to call once the server listens. */
  override listen(port: string | number, ...args: (string | (() => void) | undefined)[]): Server {
    const host = args.find((arg) => typeof arg === 'string');
    const listening = args.find((arg) => typeof arg === 'function');
    return (this.httpServer as Server).listen({ port: Number(port), host, backlog: BACKLOG }, listening);
  }
}

function unreadableAddress(): ChatError {
  return new ChatError('validation_failed', { message: 'The address is not valid.' });
}

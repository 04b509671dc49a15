import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { PrincipalRequest } from '../../auth/context-principal';
import type { Metrics } from '../../health/metrics';
import { requestIdOf } from './request-id';

const PATH_MAX = 200;
/** What follows may be a code, which lets whoever has it into a room, however the path is spoilt; an id does not. */
const AFTER_INVITES = /(invites)(?!\/?$|\/\d{1,10}\/?$).*?(?=\/accept\/?$|$)/is;
const ENCODED_ASCII = /%([2-7][0-9a-f])/gi;
/** Asked every few seconds by machines. */
const PROBES = /^\/(health|metrics)(\/|$)/;

/**
 * Logs and measures each request when it is over, also one that the client gave up.
 * The path stands in the log without its query string, which may hold a token, and without the code of an invite.
 */
export function logRequests(logger: Logger, metrics: Metrics): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const start = performance.now();
    response.once('close', () => {
      const durationMs = performance.now() - start;
      const { method } = request;
      const status = response.statusCode;
      // By the route's pattern: paths have ids, and each would be a series of its own.
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      metrics.httpRequestSeconds.observe({ method, route, status }, durationMs / 1000);

      const path = loggedPath(request.originalUrl);
      logger[PROBES.test(path) ? 'debug' : 'info']({
        msg: 'request',
        request_id: requestIdOf(request),
        method,
        path,
        status,
        duration_ms: Math.round(durationMs * 10) / 10,
        user_id: (request as PrincipalRequest).user?.userId,
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
}

/** The path without its query string and without the code of an invite. */
export function loggedPath(url: string): string {
  const path = url.split('?', 1)[0]!;
  const plain = path.replace(ENCODED_ASCII, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const isSecret = AFTER_INVITES.test(plain);
  return (isSecret ? plain.replace(AFTER_INVITES, '$1/[redacted]') : path).slice(0, PATH_MAX);
}

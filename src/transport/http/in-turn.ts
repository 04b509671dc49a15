import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Handlers that every request passes one after the other, as one layer of Express's router: that looks at the address
 * anew for each layer and makes functions and objects for it, which took longer than most of our handlers.
 * The first error, thrown or given to `next`, ends the turn and goes to the router; a falsy one counts as none, as in
 * Express. Handlers must not be asynchronous functions: a rejection would be lost.
 */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    let at = 0;
    const step = (error?: unknown): void => {
      const handler = handlers[at++];
      if (error || !handler) return next(error);
      try {
        void handler(request, response, step);
      } catch (thrown) {
        // The router hears only of what is thrown before the first handler returns, and a body arrives after that.
        next(thrown);
      }
    };
    step();
  };
}

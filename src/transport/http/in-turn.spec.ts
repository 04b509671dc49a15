import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { inTurn } from './in-turn';

describe('handlers in turn', () => {
  const pass =
    (name: string, seen: string[]): RequestHandler =>
    (_request, _response, next) => {
      seen.push(name);
      next();
    };

  /** What the router is told at last, and whom the request passed. */
  function run(...rest: RequestHandler[]): Promise<{ error: unknown; seen: string[] }> {
    const seen: string[] = [];
    return new Promise((resolve) => {
      const done: NextFunction = (error?: unknown) => resolve({ error, seen });
      const handlers = [pass('first', seen), ...rest, pass('last', seen)];
      void inTurn(...handlers)({} as Request, {} as Response, done);
    });
  }

  it('passes all, in order, and goes on', async () => {
    await expect(run((_request, _response, next) => setImmediate(next))).resolves.toEqual({
      error: undefined,
      seen: ['first', 'last'],
    });
  });

  it('goes on where a handler says that there was no error', async () => {
    await expect(run((_request, _response, next) => next(null))).resolves.toEqual({
      error: undefined,
      seen: ['first', 'last'],
    });
  });

  it('ends with what one gives on as an error', async () => {
    const error = new Error('given');
    await expect(run((_request, _response, next) => next(error))).resolves.toEqual({
      error,
      seen: ['first'],
    });
  });

  it('ends with what one throws, also after a body has arrived', async () => {
    const error = new Error('thrown');
    const throwing: RequestHandler = () => {
      throw error;
    };
    const later: RequestHandler = (_request, _response, next) => setImmediate(next);
    await expect(run(throwing)).resolves.toEqual({ error, seen: ['first'] });
    await expect(run(later, throwing)).resolves.toEqual({ error, seen: ['first'] });
  });
});

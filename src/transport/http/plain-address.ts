import type { NextFunction, Request, Response } from 'express';
import { ChatError } from '../../common/chat-error';

/** Refuses a query key that is given twice: which of the two counts would be a guess. */
export function refuseRepeatedKeys({ query }: Request, _response: Response, next: NextFunction): void {
  const repeated = Object.keys(query).filter((key) => Array.isArray(query[key]));
  if (repeated.length > 0) {
    throw new ChatError('validation_failed', {
      fields: repeated.map((field) => ({
        field: field.slice(0, 100).toWellFormed(),
        message: 'must be given once',
      })),
    });
  }
  next();
}

/**
 * Refuses an address whose percent-encoding is broken or is not UTF-8: a router would call a path like that unknown, or
 * fail, and a query would come with U+FFFD for what is broken.
 */
export function refuseBrokenAddresses(request: Request, _response: Response, next: NextFunction): void {
  try {
    decodeURIComponent(request.originalUrl);
  } catch {
    throw new ChatError('validation_failed', { message: 'The address is not well encoded.' });
  }
  next();
}

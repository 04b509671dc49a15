import type { NextFunction, Request, Response } from 'express';
import { ChatError } from '../../common/chat-error';

/** What Node itself takes for this expectation. */
const CONTINUE = /(^|\W)100-continue(\W|$)/i;

/**
 * Refuses HTTP/1.1 without `Host` (RFC 9112, section 3.2) and with an expectation that is not known (RFC 9110, section
 * 10.1.1). Node would do that, too, but with empty answers.
 */
export function refuseOddHeads(request: Request, response: Response, next: NextFunction): void {
  const error = request.httpVersion === '1.1' ? refusalOf(request) : null;
  if (!error) return next();
  // Whoever waits with the body until it is wanted never sends it.
  response.setHeader('Connection', 'close');
  throw error;
}

function refusalOf({ headers: { host, expect } }: Request): ChatError | null {
  if (host === undefined) return ChatError.invalid('Host', 'must be there');
  return expect === undefined || CONTINUE.test(expect)
    ? null
    : ChatError.invalid('Expect', 'must be 100-continue');
}

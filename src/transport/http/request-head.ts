import type { NextFunction, Request, Response } from 'express';
import { ChatError } from '../../common/chat-error';

/** What Node itself takes for this expectation. */
const CONTINUE = /(^|\W)100-continue(\W|$)/i;

/** Of which Node keeps the first, where a proxy may have looked at the last. */
const ONCE = ['Host', 'Authorization'];

/**
 * Refuses HTTP/1.1 without `Host`, a second `Host` (RFC 9112, section 3.2) or `Authorization`, and an expectation that is
 * not known (RFC 9110, section 10.1.1). Node would do some of that, too, but with empty answers.
 */
export function refuseOddHeads(request: Request, response: Response, next: NextFunction): void {
  const error = refusalOf(request);
  if (!error) return next();
  // Whoever waits with the body until it is wanted never sends it.
  response.setHeader('Connection', 'close');
  throw error;
}

function refusalOf({ httpVersion, headers: { host, expect }, rawHeaders }: Request): ChatError | null {
  const repeated = ONCE.find((name) => isRepeated(name, rawHeaders));
  if (repeated) return ChatError.invalid(repeated, 'must be there once');
  if (httpVersion !== '1.1') return null;
  if (host === undefined) return ChatError.invalid('Host', 'must be there');
  return expect === undefined || CONTINUE.test(expect)
    ? null
    : ChatError.invalid('Expect', 'must be 100-continue');
}

/** `rawHeaders` has names and values by turns. */
function isRepeated(name: string, rawHeaders: readonly string[]): boolean {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]!;
    if (header.length === name.length && header.toLowerCase() === name.toLowerCase()) times += 1;
  }
  return times > 1;
}

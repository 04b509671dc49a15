import helmet from 'helmet';
import type { RequestHandler } from 'express';

/**
 * The content security policy of a page of ours: everything comes from this server, nothing is framed.
 * What a page needs beyond styles is allowed by name.
 */
export function pagePolicy({
  scripts = false,
  workers = false,
}: {
  /** Scripts of this server, and what they fetch from it. */
  scripts?: boolean;
  /** Workers that such a script makes of itself. */
  workers?: boolean;
}): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      // Both documentation pages write their styles as they go.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      scriptSrc: scripts ? ["'self'"] : ["'none'"],
      connectSrc: scripts ? ["'self'"] : ["'none'"],
      workerSrc: workers ? ['blob:'] : ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

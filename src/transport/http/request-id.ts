import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADER = 'X-Request-Id';
const SAFE = /^[A-Za-z0-9._-]{1,64}$/;

const ids = new WeakMap<IncomingMessage, string>();

/** The id under which a request stands in logs and answers: the client's, if it is safe to repeat, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SAFE.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}

/** Tells the client the id of its request. */
export function answerRequestId(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader(HEADER, requestIdOf(request));
  next();
}

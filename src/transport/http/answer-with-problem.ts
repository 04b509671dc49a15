import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatError } from '../../common/chat-error';
import { problemOf } from './problem';
import { requestIdOf } from './request-id';

/** Answers a request with a problem document. */
export function answerWithProblem(
  request: IncomingMessage,
  response: ServerResponse,
  error: ChatError,
): void {
  // Too late for an answer: cutting the connection tells the client that what it has is not whole.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const requestId = requestIdOf(request);
  const { status, headers, body } = problemOf(error, requestId);
  const payload = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'X-Request-Id': requestId,
    'Content-Length': Buffer.byteLength(payload),
    'Cache-Control': 'no-store',
  });
  response.end(payload);
}

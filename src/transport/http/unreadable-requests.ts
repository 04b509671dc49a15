import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ChatError } from '../../common/chat-error';
import { isTooLarge } from './body-parsing';
import { endWithProblem } from './end-with-problem';

const MESSAGES: Partial<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The header fields are too large.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request took too long to arrive.',
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Answers what Node refuses before any handler sees it (what is no HTTP, header fields over 16 KiB, a body that
 * breaks off) like every other error, and lets through what it would refuse with an empty answer, or ask to send on.
 */
export function answerUnreadableRequests(server: Server): void {
  const exchanges = new WeakMap<Duplex, Set<Exchange>>();
  server.on('request', (request, response) => {
    const exchange = { request, response };
    const ofSocket = exchanges.get(request.socket) ?? new Set();
    exchanges.set(request.socket, ofSocket.add(exchange));
    response.once('close', () => ofSocket.delete(exchange));
  });
  // Node would have a body come that is refused.
  server.on('checkContinue', (request, response) => {
    if (!isTooLarge(request)) response.writeContinue();
    server.emit('request', request, response);
  });
  // An unknown `Expect`, of which `refuseOddHeads` tells.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, wire: Duplex) => {
    if (!wire.writable || [...(exchanges.get(wire) ?? [])].some(isAnswering)) {
      wire.destroy();
      return;
    }
    // Opened ahead of need: an answer would be taken for that to the first request, which may be on its way.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isSilent(wire)) {
      wire.destroy();
      return;
    }
    const message = MESSAGES[error.code ?? ''] ?? 'The request is not valid HTTP.';
    endWithProblem(wire, new ChatError('validation_failed', { message }), randomUUID());
  });
}

/** Whether nothing has ever come. */
function isSilent(wire: Duplex): boolean {
  return wire instanceof Socket && wire.bytesRead === 0;
}

/** Whether an answer is under way, or due to a request that came whole: another one would be taken for it. */
function isAnswering({ request, response }: Exchange): boolean {
  return response.headersSent || request.complete;
}

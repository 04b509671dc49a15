import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChatError } from '../../common/chat-error';
import { problemOf } from './problem';

/** Answers a request that has no response object with a problem document, and ends its TCP connection. */
export function endWithProblem(
  wire: Duplex,
  error: ChatError,
  requestId: string,
  moreHeaders: Record<string, string> = {},
): void {
  const { status, headers, body } = problemOf(error, requestId);
  const payload = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries({
      ...headers,
      'X-Request-Id': requestId,
      'Content-Length': String(Buffer.byteLength(payload)),
      'Cache-Control': 'no-store',
      ...moreHeaders,
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  wire.once('finish', () => wire.destroy());
  wire.end(`${lines.join('\r\n')}\r\n\r\n${payload}`);
}

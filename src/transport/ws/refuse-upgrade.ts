import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChatError } from '../../common/chat-error';
import { problemOf } from '../http/problem';

/** Answers a handshake with a problem document over plain HTTP, and ends the TCP connection. */
export function refuseUpgrade(wire: Duplex, error: ChatError, requestId: string): void {
  const { status, headers, body } = problemOf(error, requestId);
  const payload = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries({
      ...headers,
      'X-Request-Id': requestId,
      'Content-Length': String(Buffer.byteLength(payload)),
      'Cache-Control': 'no-store',
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  wire.once('finish', () => wire.destroy());
  wire.end(`${lines.join('\r\n')}\r\n\r\n${payload}`);
}

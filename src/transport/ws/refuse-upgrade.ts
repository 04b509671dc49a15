import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChatError } from '../../common/chat-error';
import { problemOf } from '../http/problem';

/** The version of the protocol that is spoken; told to whoever comes with another (RFC 6455, section 4.4). */
const WEBSOCKET_VERSION = '13';

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
      'Sec-WebSocket-Version': WEBSOCKET_VERSION,
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  wire.once('finish', () => wire.destroy());
  wire.end(`${lines.join('\r\n')}\r\n\r\n${payload}`);
}

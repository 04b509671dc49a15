import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What a request says of the protocol that it would like better. */
const UPGRADE_HEADERS: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings']);

export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return /(^|[ ,])websocket($|[ ,/])/i.test(headers.upgrade ?? '');
}

/**
 * Lets a request that asks for another protocol than WebSocket go on as the HTTP that it is (RFC 9110, section 7.8):
 * many clients offer HTTP/2 with any first request. Node hands all of them over as upgrades, so this one is handed back,
 * without the offer.
 */
export function declineUpgrade(server: Server, request: IncomingMessage, wire: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!UPGRADE_HEADERS.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  wire.unshift(Buffer.concat([Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'), head]));
  server.emit('connection', wire);
}

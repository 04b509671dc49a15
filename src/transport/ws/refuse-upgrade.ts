import type { Duplex } from 'node:stream';
import type { ChatError } from '../../common/chat-error';
import { endWithProblem } from '../http/end-with-problem';

/** The version of the protocol that is spoken; told to whoever comes with another (RFC 6455, section 4.4). */
const WEBSOCKET_VERSION = '13';

/** Answers a handshake with a problem document over plain HTTP, and ends the TCP connection. */
export function refuseUpgrade(wire: Duplex, error: ChatError, requestId: string): void {
  endWithProblem(wire, error, requestId, { 'Sec-WebSocket-Version': WEBSOCKET_VERSION });
}

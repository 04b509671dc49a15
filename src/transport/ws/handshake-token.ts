import type { IncomingMessage } from 'node:http';
import { bearerToken } from '../../auth/bearer-token';
import { ChatError } from '../../common/chat-error';

export const SUBPROTOCOL = 'chat.v1';
const TOKEN_SUBPROTOCOL = 'bearer.';
const OUR_SCHEME = /^bearer( |$)/i;

/**
 * The access token of a handshake: from `Authorization`, from a subprotocol `bearer.<token>` (a browser can set no
 * header), or from `?token=`. Throws `authentication_required` without one, `conflicting_tokens` with two different.
 */
export function tokenOf(request: IncomingMessage, query: URLSearchParams): string {
  const tokens = new Set<string>();
  for (const authorization of request.headersDistinct.authorization ?? []) {
    // A browser sends on what a proxy with a login of its own has asked for, and no page can keep it from that.
    if (!OUR_SCHEME.test(authorization)) continue;
    const token = bearerToken(authorization);
    if (token === null) throw new ChatError('authentication_required');
    tokens.add(token);
  }
  for (const offered of offeredSubprotocols(request)) {
    if (offered.startsWith(TOKEN_SUBPROTOCOL)) tokens.add(offered.slice(TOKEN_SUBPROTOCOL.length));
  }
  for (const token of query.getAll('token')) tokens.add(token);

  if (tokens.size > 1) throw new ChatError('conflicting_tokens');
  const [token] = tokens;
  if (!token) throw new ChatError('authentication_required');
  return token;
}

function offeredSubprotocols({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

import { Clock } from '../../src/common/clock';
import { ChatSocket } from './chat-socket';
import { forgedToken } from './forged-token';
import type { Person } from './person';
import type { TestServer } from './test-server';

/** By then, of the server's time, it is the turn even of a socket of which nothing was awaited. */
export const QUIET_MS = 5_000;

/**
 * Resolves when the server has looked once more at all sockets whose turn it is: at their tokens, their signs of life,
 * what they take. It looks at the last socket last, and warns it that its token expires.
 */
export async function nextLook(server: TestServer, person: Person): Promise<void> {
  const exp = Math.floor(server.app.get(Clock).now() / 1000) + 30;
  const marker = await ChatSocket.open(server, null, {
    token: forgedToken(server, person.token, { claims: { exp } }),
  });
  await marker.next('token_expiring');
  await marker.close();
}

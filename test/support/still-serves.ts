import { ConnectionRegistry } from '../../src/realtime/connection-registry';
import { ChatSocket } from './chat-socket';
import type { Person } from './person';
import type { TestServer } from './test-server';
import { eventually } from './eventually';

/** Fails if the server has died, or goes on holding a socket whose client has gone. Call it when all clients have. */
export async function expectStillServes(server: TestServer, person: Person): Promise<void> {
  const socket = await ChatSocket.open(server, person, { path: '/1' });
  await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
  await socket.close();
  const registry = server.app.get(ConnectionRegistry);
  await eventually(() => registry.size === 0, 'all sockets let go');
}

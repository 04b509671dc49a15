import { ConnectionRegistry } from '../../src/realtime/connection-registry';
import type { TestServer } from './test-server';

/** Sees which sockets are closed because a session, or all of a user's, ended. */
export function watchEnds({ app }: TestServer) {
  const registry = app.get(ConnectionRegistry, { strict: false });
  return { closeSession: jest.spyOn(registry, 'closeSession'), closeUser: jest.spyOn(registry, 'closeUser') };
}

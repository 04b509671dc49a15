import type { Principal } from '../../src/common/principal';
import { Connection, type ConnectionInit, type ConnectionRules } from '../../src/realtime/connection';
import { FakeSocket } from './fake-socket';

/** Ada, logged in. */
export function aPrincipal(fields: Partial<Principal> = {}): Principal {
  return { userId: 1, username: 'Ada', role: 'user', sessionId: 'session-1', ...fields };
}

export interface OnFakeSocket {
  connection: Connection;
  socket: FakeSocket;
  /** What the connection reported as nobody's answer. */
  faults: unknown[];
}

let connections = 0;

/** Ada's connection for many rooms, congested beyond 1000 unsent bytes, with a token that lasts a year. */
export function aConnection({
  congestedBytes = 1000,
  ...init
}: Partial<ConnectionInit & Pick<ConnectionRules, 'congestedBytes'>> = {}): OnFakeSocket {
  const socket = new FakeSocket();
  const faults: unknown[] = [];
  const connection = new Connection(
    socket,
    {
      principal: aPrincipal(),
      tokenExpiresAt: Date.UTC(2027, 0, 1),
      homeRoomId: null,
      ...init,
    },
    {
      newId: () => `connection-${++connections}`,
      congestedBytes,
      onFault: (_connection, error) => faults.push(error),
    },
  );
  return { connection, socket, faults };
}

import { aConnection, aPrincipal } from '../../test/support/a-connection';
import { CloseCode } from '../protocol/close-codes';
import { ConnectionRegistry } from './connection-registry';

describe('ConnectionRegistry', () => {
  let connections: ConnectionRegistry;

  beforeEach(() => {
    connections = new ConnectionRegistry();
  });

  function anOpenConnection(userId: number, sessionId: string) {
    const open = aConnection({ principal: aPrincipal({ userId, sessionId }) });
    connections.add(open.connection);
    return open;
  }

  it('finds the connections of a user', () => {
    const [phone, laptop] = [anOpenConnection(1, 'phone'), anOpenConnection(1, 'laptop')];
    const other = anOpenConnection(2, 'other');

    expect(connections.ofUser(1)).toEqual([phone.connection, laptop.connection]);
    expect(connections.ofUser(3)).toEqual([]);
    expect(connections.all()).toEqual([phone.connection, laptop.connection, other.connection]);
    expect(connections.size).toBe(3);
  });

  it('forgets what was removed, however often it is', () => {
    const { connection } = anOpenConnection(1, 'phone');

    connections.remove(connection);
    connections.remove(connection);

    expect(connections.size).toBe(0);
    expect(connections.ofUser(1)).toEqual([]);
  });

  it('still finds a connection whose principal was renewed', () => {
    const { connection } = anOpenConnection(1, 'phone');
    connection.principal = aPrincipal({ userId: 1, sessionId: 'phone', role: 'admin' });
    const found = connections.ofUser(1);

    connections.remove(connection);

    expect(found).toEqual([connection]);
    expect(connections.ofUser(1)).toEqual([]);
  });

  it('closes the sockets of one session, and no other', () => {
    const phone = [anOpenConnection(1, 'phone'), anOpenConnection(1, 'phone')];
    const laptop = anOpenConnection(1, 'laptop');

    connections.closeSession('phone', CloseCode.Unauthorized, 'session ended');

    expect(phone.map(({ socket }) => socket.closed?.code)).toEqual([4401, 4401]);
    expect(laptop.socket.closed).toBeNull();
  });

  it('closes the sockets of a user, except those of one session', () => {
    const [phone, laptop] = [anOpenConnection(1, 'phone'), anOpenConnection(1, 'laptop')];
    const other = anOpenConnection(2, 'other');

    connections.closeUser(1, CloseCode.Unauthorized, 'password changed', 'laptop');

    expect(phone.socket.closed).toEqual({ code: 4401, reason: 'password changed' });
    expect(laptop.socket.closed).toBeNull();
    expect(other.socket.closed).toBeNull();
  });

  it('closes all the sockets of a user', () => {
    const all = [anOpenConnection(1, 'phone'), anOpenConnection(1, 'laptop')];

    connections.closeUser(1, CloseCode.Unauthorized, 'deactivated');

    expect(all.map(({ socket }) => socket.closed?.code)).toEqual([4401, 4401]);
  });
});

import type { Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { holdTable, waitingFor } from '../../support/hold-table';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('whoever loses the right to be there while entering', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let room: Room;

  beforeEach(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
    ({ body: room } = await ada.post<Room>('/rooms', { name: 'Secret', visibility: 'private' }));
    await ada.put(`/rooms/${room.id}/members/${bob.id}`, { role: 'member' });
    await ada.post(`/rooms/${room.id}/messages`, { content: 'the secret' });
  });
  afterEach(() => server.stop());

  /** Opens a socket for Bob, who has to wait for the table; meanwhile something happens. */
  const enterDuring = async (table: string, meanwhile: () => Promise<unknown>): Promise<ChatSocket> => {
    let hasArrived: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (hasArrived = resolve));
    server.app.getHttpServer().on('upgrade', () => hasArrived());
    const letGo = await holdTable(server, table);
    const opening = ChatSocket.open(server, bob, { path: `/${room.id}` });
    await arrived;
    await waitingFor(server.dataSource, table);
    await meanwhile();
    await letGo();
    return opening;
  };

  it('by a logout is closed with 4401', async () => {
    const socket = await enterDuring('rooms', () => bob.post('/auth/logout'));

    await expect(socket.closed).resolves.toMatchObject({ code: 4401 });
  });

  it('by a removal from the room is closed with 4404, as if it had never been there', async () => {
    // Every read of a log asks for its epoch; the removal writes no such thing.
    const socket = await enterDuring('log_epoch', () => ada.delete(`/rooms/${room.id}/members/${bob.id}`));

    await expect(socket.closed).resolves.toMatchObject({ code: 4404 });
  });
});

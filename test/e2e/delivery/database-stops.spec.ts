import { BreakablePostgres } from '../../support/breakable-postgres';
import { ChatSocket } from '../../support/chat-socket';
import { FaultSender, throughRest, throughSocket } from '../../support/fault-senders';
import { mustHaveKeptItsPromises } from '../../support/kept-promises';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';
import type { Room } from '../../../src/protocol/models';

describe('when PostgreSQL stops and comes back while messages are sent', () => {
  let postgres: BreakablePostgres;
  let server: TestServer;
  let people: Person[];

  beforeAll(async () => {
    postgres = await BreakablePostgres.create();
    server = await startTestServer({ databaseUrl: postgres.url });
    people = await Promise.all(oneTo(6).map((n) => aPerson(server, `Person${n}`)));
  });
  afterAll(async () => {
    await server.stop();
    await postgres.remove();
  });

  it.each(['immediate', 'fast', 'kill'] as const)(
    '(%s) every answer is true and in time, sockets stay, and readers get all of it',
    async (how) => {
      const { body: room } = await people[0]!.post<Room>('/rooms', { name: `Room ${how}` });
      const sockets = await Promise.all(people.map((person) => ChatSocket.open(server, person)));
      const senders = people.map(
        (person, index) =>
          new FaultSender(
            person.username,
            index % 3 === 2 ? throughRest(person) : throughSocket(sockets[index]!),
            room.id,
          ),
      );
      const readers = await Promise.all(
        people.map(async (person) => ({
          socket: await ChatSocket.open(server, person, { path: `/${room.id}` }),
          replica: new RoomReplica(room.id),
        })),
      );

      for (const sender of senders) sender.start();
      await Promise.all(senders.map((sender) => sender.sees('stored', 20)));
      await postgres.stop(how);
      await Promise.all(senders.map((sender) => sender.sees('refused', 5)));
      await postgres.start();
      const firstAfter = await throughSocket(sockets[0]!).send(room.id, `first after ${how}`);
      await Promise.all(senders.map((sender) => sender.sees('stored', 20)));
      await Promise.all(senders.map((sender) => sender.finish()));

      expect(firstAfter).toMatchObject({ id: expect.any(Number) });
      await mustHaveKeptItsPromises(server.dataSource, room.id, senders);
      const marker = await sockets[0]!.say('marker', { room_id: room.id });
      const log = await wholeLog(people[0]!, room.id);
      for (const { replica, socket } of readers) {
        await replica.readTo(socket, marker.seq);
        replica.mustAgreeWith(log);
        expect(replica.messages.size).toBe(log.length);
      }
      await Promise.all([...sockets, ...readers.map(({ socket }) => socket)].map((socket) => socket.close()));
    },
  );
});

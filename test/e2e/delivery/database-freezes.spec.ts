import { setTimeout as delay } from 'node:timers/promises';
import { BreakablePostgres } from '../../support/breakable-postgres';
import { ChatSocket } from '../../support/chat-socket';
import { FaultSender, throughRest, throughSocket } from '../../support/fault-senders';
import { mustHaveKeptItsPromises } from '../../support/kept-promises';
import { aPerson, type Person } from '../../support/person';
import { RoomReplica } from '../../support/room-replica';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

/** Longer than the server believes what it has read of a session or a room, and than any statement may take. */
const FROZEN_MS = 11_000;

describe('when PostgreSQL freezes while messages are sent', () => {
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

  it('every sender is answered within ten seconds, and nothing is lost or doubled when it goes on', async () => {
    const sockets = await Promise.all(people.map((person) => ChatSocket.open(server, person)));
    const senders = people.map(
      (person, index) =>
        new FaultSender(
          person.username,
          index % 3 === 2 ? throughRest(person) : throughSocket(sockets[index]!),
          1,
        ),
    );
    // Nothing is known yet of what this one may do in the room.
    const newcomer = new FaultSender(
      'Newcomer',
      throughSocket(await ChatSocket.open(server, await aPerson(server, 'Newcomer'))),
      1,
    );
    const reader = await ChatSocket.open(server, people[0]!, { path: '/1' });
    const replica = new RoomReplica(1);
    await replica.readAnswer(reader);
    const quiet = await ChatSocket.open(server, people[0]!);

    for (const sender of senders) sender.start(250);
    await Promise.all(senders.map((sender) => sender.sees('stored', 2)));
    postgres.freeze();
    newcomer.start(250);
    const frozenAt = performance.now();
    const pong = await quiet.request({ type: 'ping' });
    const pongMs = performance.now() - frozenAt;
    await delay(FROZEN_MS - pongMs);
    postgres.thaw();
    const firstAfter = await throughSocket(sockets[0]!).send(1, 'first after');
    senders.push(newcomer);
    await Promise.all(senders.map((sender) => sender.finish()));

    expect(pong.type).toBe('pong');
    expect(pongMs).toBeLessThan(FROZEN_MS / 4);
    expect(firstAfter).toMatchObject({ id: expect.any(Number) });
    await mustHaveKeptItsPromises(server.dataSource, 1, senders);
    const marker = await sockets[0]!.say('marker', { room_id: 1 });
    await replica.readTo(reader, marker.seq);
    replica.mustAgreeWith(await wholeLog(people[0]!, 1));
  }, 60_000);
});

import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { Drain } from '../../../src/realtime/drain';
import { ChatSocket, type Refusal } from '../../support/chat-socket';
import { holdTable } from '../../support/hold-table';
import { aPerson, type Person } from '../../support/person';
import { refused } from '../../support/refused';
import { startTestServer, type TestServer } from '../../support/test-server';
import { eventually } from '../../support/eventually';

const CONNECTIONS_MAX = 5;

describe('a node that is full or going away', () => {
  let server: TestServer;
  let ada: Person;

  beforeEach(async () => {
    server = await startTestServer({ connectionsMax: CONNECTIONS_MAX });
    ada = await aPerson(server, 'Ada');
  });
  afterEach(() => server.stop());

  /** Opens sockets whose handshakes are all being judged at once, until the returned function is called. */
  const openTogether = async (count: number) => {
    let arrived = 0;
    server.app.getHttpServer().on('upgrade', () => arrived++);
    const letGo = await holdTable(server, 'rooms');
    const attempts = Promise.allSettled(
      Array.from({ length: count }, () => ChatSocket.open(server, ada, { path: '/1' })),
    );
    await eventually(() => arrived === count, 'all handshakes arrived');
    return async () => {
      await letGo();
      const settled = await attempts;
      return {
        sockets: settled.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : [])),
        refusals: settled.flatMap((attempt) =>
          attempt.status === 'rejected' ? [attempt.reason as Refusal] : [],
        ),
      };
    };
  };

  it('takes as many sockets as it is set to, however many come at once, and another when one has gone', async () => {
    const judge = await openTogether(4 * CONNECTIONS_MAX);
    const { sockets, refusals } = await judge();

    expect(sockets.length).toBe(CONNECTIONS_MAX);
    for (const { status, headers, problem } of refusals) {
      expect({ status, code: problem.code }).toEqual({ status: 503, code: 'server_busy' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }

    await sockets.pop()!.close();
    await eventually(() => server.app.get(ConnectionRegistry).size < CONNECTIONS_MAX, 'room for one more');
    sockets.push(await ChatSocket.open(server, ada));
    await expect(refused(ChatSocket.open(server, ada))).resolves.toMatchObject({ status: 503 });
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('refuses sockets from the moment it drains, those too whose handshakes were being judged', async () => {
    const socket = await ChatSocket.open(server, ada);
    const judge = await openTogether(2);
    const drained = server.app.get(Drain).start();

    const later = await refused(ChatSocket.open(server, ada));
    const { sockets, refusals } = await judge();

    expect(sockets.length).toBe(0);
    for (const { status, headers, problem } of [later, ...refusals]) {
      expect({ status, code: problem.code }).toEqual({ status: 503, code: 'draining' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    await drained;
    await expect(socket.closed).resolves.toMatchObject({ code: 1012 });
  });
});

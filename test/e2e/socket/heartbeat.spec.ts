import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { ChatSocket } from '../../support/chat-socket';
import { clientFrame, jsonFrame, OPCODE } from '../../support/client-frame';
import { eventually } from '../../support/eventually';
import { nextLook } from '../../support/next-look';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const INTERVAL_MS = 25_000;
const TIMEOUT_MS = 10_000;

describe('the heartbeat', () => {
  let server: TestServer;
  let time: TimeTravel;
  let ada: Person;

  beforeAll(async () => {
    server = await startTestServer();
    time = new TimeTravel(server);
    time.hurryLooks();
    ada = await aPerson(server, 'Ada');
  });
  afterAll(() => server.stop());

  const open = async () => {
    const client = await RawClient.open(server, '/ws/1', ada.token);
    await client.next('messages_history');
    return client;
  };
  /** Reads up to a frame of that kind. */
  const reads = async (client: RawClient, opcode: number) => {
    while ((await client.nextWireFrame()).opcode !== opcode);
  };

  it('ends those who give no sign of life, within 10 s of a ping, and those only', async () => {
    const [pongs, talks, pings, uploads] = [await open(), await open(), await open(), await open()];
    const browser = await ChatSocket.open(server, ada, { path: '/1' });
    const silent = await open();
    const registry = server.app.get(ConnectionRegistry);
    const [pongsHere, , , uploadsHere, , silentHere] = registry.all();
    // The first ping comes a while after the first look.
    await nextLook(server, ada);
    time.advance(INTERVAL_MS);
    await Promise.all([pongs, talks, pings, uploads, silent].map((client) => reads(client, OPCODE.ping)));

    time.advance(TIMEOUT_MS - 1);
    const received = [pongsHere!, uploadsHere!].map(({ socket }) => socket.receivedBytes);
    pongs.send(clientFrame('', { opcode: OPCODE.pong }));
    talks.send(jsonFrame({ type: 'ping' }));
    pings.send(clientFrame('', { opcode: OPCODE.ping }));
    const longFrame = jsonFrame({ type: 'ping', request_id: 'long' });
    uploads.send(longFrame.subarray(0, 3));
    await Promise.all([talks.next('pong'), reads(pings, OPCODE.pong)]);
    await eventually(() => pongsHere!.socket.receivedBytes > received[0]!, 'the pong has come');
    await eventually(
      () => uploadsHere!.socket.receivedBytes > received[1]!,
      'part of the long frame has come',
    );
    await nextLook(server, ada);
    expect(silentHere!.isClosed).toBe(false);
    time.advance(1);

    await expect(silent.closeCode()).resolves.toBe(1006);
    await nextLook(server, ada);
    expect(silentHere!.isClosed).toBe(true);
    uploads.send(longFrame.subarray(3));
    await expect(uploads.next('pong')).resolves.toMatchObject({ request_id: 'long' });
    uploads.destroy();
    for (const client of [pongs, talks, pings]) {
      client.send(jsonFrame({ type: 'ping', request_id: 'after' }));
      await expect(client.next(({ request_id }) => request_id === 'after')).resolves.toBeDefined();
      client.destroy();
    }
    await expect(browser.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
    await browser.close();
  });

  it('pings again after each answer', async () => {
    const client = await open();
    await nextLook(server, ada);

    for (let round = 0; round < 2; round++) {
      time.advance(INTERVAL_MS);
      await reads(client, OPCODE.ping);
      client.send(clientFrame('', { opcode: OPCODE.pong }));
      await nextLook(server, ada);
    }

    client.destroy();
  });
});

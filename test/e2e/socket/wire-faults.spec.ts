import { Metrics } from '../../../src/health/metrics';
import { CLOSE_CODES } from '../../../src/protocol/close-codes';
import { ConnectionRegistry } from '../../../src/realtime/connection-registry';
import { ChatSocket } from '../../support/chat-socket';
import { clientFrame, jsonFrame, OPCODE } from '../../support/client-frame';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { aServerWith } from '../../support/signal-stage';
import { expectStillServes } from '../../support/still-serves';
import type { TestServer } from '../../support/test-server';
import { until } from '../../support/until';

const FRAME_MAX_BYTES = 65_536;
const PING = JSON.stringify({ type: 'ping', request_id: 1 });

/** The text in as many fragments as it has characters. */
const fragments = (text: string): Buffer =>
  Buffer.concat(
    [...text].map((character, index) =>
      clientFrame(character, {
        opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
        fin: index === text.length - 1,
      }),
    ),
  );

describe('a client that breaks the protocol of the wire', () => {
  let server: TestServer;
  let ada: Person;

  beforeAll(async () => {
    server = await aServerWith({ presence_interval_ms: 60_000 });
    ada = await aPerson(server, 'Ada');
  });
  afterAll(() => server.stop());

  /** How many sockets have ended with which code. */
  const closes = async () => {
    const { values } = await server.app.get(Metrics).closes.get();
    return new Map(values.map(({ labels, value }) => [labels.code, value]));
  };

  /** A client in the room that has read what comes by itself. */
  const open = async () => {
    const client = await RawClient.open(server, '/ws/1', ada.token);
    await client.next('presence');
    return client;
  };

  it('makes no series of figures of its own by the codes that it closes with', async () => {
    for (const code of [4000, 4001, 3000, 1000]) {
      const socket = await ChatSocket.open(server, ada);
      socket.ws.close(code);
      await socket.closed;
    }

    await until(async () => expect((await closes()).get('other')).toBe(3));
    expect([...(await closes()).keys()]).not.toContain('4000');
  });

  it.each<[string, number, Buffer]>([
    ['a binary frame', 1003, clientFrame(PING, { opcode: OPCODE.binary })],
    ['an empty binary frame', 1003, clientFrame('', { opcode: OPCODE.binary })],
    ['bytes that are no UTF-8', 1007, clientFrame(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    ['UTF-8 longer than needed', 1007, clientFrame(Buffer.from([0xc0, 0xaf]))],
    ['a surrogate in UTF-8', 1007, clientFrame(Buffer.from([0xed, 0xa0, 0x80]))],
    ['half a character', 1007, clientFrame(Buffer.from([0xe2, 0x82]))],
    ['a frame over the limit', 1009, clientFrame('x'.repeat(FRAME_MAX_BYTES + 1))],
    ['the promise of a huge frame', 1009, clientFrame('', { length: 2 ** 40 })],
    [
      'fragments over the limit',
      1009,
      Buffer.concat([
        clientFrame('x'.repeat(FRAME_MAX_BYTES), { fin: false }),
        clientFrame('x', { opcode: OPCODE.continuation }),
      ]),
    ],
    ['a frame without a mask', 1002, clientFrame(PING, { isMasked: false })],
    ['the first reserved bit', 1002, clientFrame(PING, { rsv: 4 })],
    ['the other reserved bits', 1002, clientFrame(PING, { rsv: 3 })],
    ['a reserved opcode', 1002, clientFrame(PING, { opcode: 3 })],
    ['a reserved control opcode', 1002, clientFrame('', { opcode: 11 })],
    ['a continuation of nothing', 1002, clientFrame(PING, { opcode: OPCODE.continuation })],
    [
      'a new frame within another',
      1002,
      Buffer.concat([clientFrame('{', { fin: false }), clientFrame(PING)]),
    ],
    ['a ping in fragments', 1002, clientFrame('', { opcode: OPCODE.ping, fin: false })],
    ['a ping that is too long', 1002, clientFrame('x'.repeat(126), { opcode: OPCODE.ping })],
    ['a close frame of one byte', 1002, clientFrame('x', { opcode: OPCODE.close })],
    ['a close code that nobody may send', 1002, clientFrame(Buffer.from([3, 237]), { opcode: OPCODE.close })],
    ['tiny fragments without end', 1008, fragments('['.repeat(3000))],
  ])('is closed for %s with %d, and counted as that', async (_, code, bytes) => {
    const client = await open();
    const before = (await closes()).get(String(code)) ?? 0;
    client.send(bytes);

    await expect(client.closeCode()).resolves.toBe(code);
    expect(CLOSE_CODES.map((documented) => documented.code)).toContain(code);
    client.destroy();
    await until(async () => expect((await closes()).get(String(code))).toBe(before + 1));
  });

  it('is told in words, too, that frames are text', async () => {
    const client = await open();
    client.send(clientFrame(PING, { opcode: OPCODE.binary }));

    await expect(client.next('error')).resolves.toMatchObject({ code: 'binary_not_supported' });
    client.destroy();
  });

  it('gets the answers to what stands before a binary frame', async () => {
    const client = await open();
    client.send(
      Buffer.concat([
        jsonFrame({ type: 'message', content: 'text', request_id: 7 }),
        clientFrame(PING, { opcode: OPCODE.binary }),
      ]),
    );

    await expect(client.next('ack')).resolves.toMatchObject({ request_id: 7 });
    await expect(client.next('error')).resolves.toMatchObject({ code: 'binary_not_supported' });
    await expect(client.closeCode()).resolves.toBe(1003);
    client.destroy();
  });

  it('gets no answers to what stands behind the fault', async () => {
    const client = await open();
    client.send(Buffer.concat([clientFrame(PING, { opcode: OPCODE.binary }), jsonFrame({ type: 'ping' })]));

    const { opcode, payload } = await client.nextWireFrame();
    const { opcode: second } = await client.nextWireFrame();

    expect(JSON.parse(payload.toString())).toMatchObject({ code: 'binary_not_supported' });
    expect([opcode, second]).toEqual([OPCODE.text, OPCODE.close]);
    client.destroy();
  });

  it('may send the largest frame, fragments, and control frames between them', async () => {
    const client = await open();
    const largest = `{"type":"ping","request_id":2${' '.repeat(FRAME_MAX_BYTES - 30)}}`;
    client.send(fragments(PING));
    client.send(clientFrame(largest));
    client.send(
      Buffer.concat([
        clientFrame('{"type":"ping",', { fin: false }),
        clientFrame('are you there', { opcode: OPCODE.ping }),
        clientFrame('"request_id":3}', { opcode: OPCODE.continuation }),
      ]),
    );

    const answers: string[] = [];
    while (answers.length < 4) {
      const { opcode, payload } = await client.nextWireFrame();
      answers.push(opcode === OPCODE.text ? payload.toString() : `${opcode} ${payload.toString()}`);
    }
    const pong = `${OPCODE.pong} are you there`;
    expect(answers).toContain(pong);
    expect(answers.filter((answer) => answer !== pong)).toEqual(
      [1, 2, 3].map((requestId) => JSON.stringify({ type: 'pong', request_id: requestId })),
    );
    client.destroy();
  });

  it('pings for ever and takes no pong: the pongs do not pile up', async () => {
    const client = await open();
    const connection = server.app.get(ConnectionRegistry).all().at(-1);
    client.tcp.pause();
    const pings = Buffer.concat(
      Array.from({ length: 500 }, () => clientFrame('x'.repeat(125), { opcode: OPCODE.ping })),
    );

    let most = 0;
    for (let sent = 0; sent < 20_000_000; sent += pings.length) {
      await new Promise((resolve) => client.tcp.write(pings, resolve));
      most = Math.max(most, connection!.socket.bufferedBytes);
    }

    expect(most).toBeLessThan(2 * server.config.limits.slow_reader_bytes);
    client.destroy();
  });

  it('vanishes at any moment without harm', async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, open));
    const bytes = Buffer.concat(
      Array.from({ length: 20 }, (_, index) => jsonFrame({ type: 'message', content: `${index}` })),
    );

    for (const [index, client] of clients.entries()) {
      client.send(bytes.subarray(0, Math.floor((bytes.length * (index + 1)) / clients.length)));
      if (index % 2 === 0) client.reset();
      else client.destroy();
    }
    await Promise.all(clients.map((client) => client.ended));

    await expectStillServes(server, ada);
  });

  it('hinders nobody: the next client is served', async () => {
    const bob = await aPerson(server, 'Bob');
    const socket = await ChatSocket.open(server, bob, { path: '/1' });

    await expect(socket.say('all well')).resolves.toMatchObject({ duplicate: false });
    await socket.close();
    await expectStillServes(server, bob);
  });
});

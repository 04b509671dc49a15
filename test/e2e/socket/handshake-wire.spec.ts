import { clientFrame, jsonFrame, OPCODE } from '../../support/client-frame';
import { aPerson, type Person } from '../../support/person';
import { handshake, type HandshakeHeaders, RawClient } from '../../support/raw-client';
import { isNews } from '../../support/only-answer';
import { expectStillServes } from '../../support/still-serves';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('a handshake on the wire', () => {
  let server: TestServer;
  let ada: Person;
  let authorization: HandshakeHeaders;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    authorization = { Authorization: `Bearer ${ada.token}` };
  });
  afterAll(() => server.stop());

  const expectServes = () => expectStillServes(server, ada);

  it.each<[string, HandshakeHeaders]>([
    ['without a key', { 'Sec-WebSocket-Key': null }],
    ['with an empty key', { 'Sec-WebSocket-Key': '' }],
    ['with a key of the wrong length', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }],
    ['with a key that is no base64', { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }],
    ['without a version', { 'Sec-WebSocket-Version': null }],
    ['of a version before the standard', { 'Sec-WebSocket-Version': '7' }],
    ['of no version at all', { 'Sec-WebSocket-Version': 'x' }],
    ['with a broken list of subprotocols', { 'Sec-WebSocket-Protocol': 'chat.v1,,x' }],
    ['with a subprotocol offered twice', { 'Sec-WebSocket-Protocol': 'chat.v1, chat.v1' }],
    ['that upgrades to several things', { Upgrade: 'websocket, h2c' }],
  ])('%s is answered with a problem document and the version that is spoken', async (_, headers) => {
    const client = await RawClient.connect(server);
    client.send(handshake('/ws/1', { ...authorization, ...headers }));

    const { status, headers: answered, problem } = await client.refusal();

    expect({ status, code: problem.code }).toEqual({ status: 400, code: 'validation_failed' });
    expect(answered['content-type']).toBe('application/problem+json');
    expect(answered['sec-websocket-version']).toBe('13');
  });

  it('by another method than GET is refused', async () => {
    const client = await RawClient.connect(server);
    client.send(handshake('/ws/1', { ...authorization, 'Content-Length': '0' }, 'POST'));

    const { status } = await client.refusal();

    expect(status).toBeGreaterThanOrEqual(400);
    await expectServes();
  });

  it('without an Upgrade is an ordinary request for something that is not there', async () => {
    const client = await RawClient.connect(server);
    client.send(handshake('/ws/1', { ...authorization, Connection: 'close', Upgrade: null }));

    const { status, problem } = await client.refusal();

    expect({ status, code: problem.code }).toEqual({ status: 404, code: 'not_found' });
  });

  it('together with frames in one segment: they are answered, in order, behind the first frame', async () => {
    const client = await RawClient.connect(server);
    client.send(
      Buffer.concat([
        Buffer.from(handshake('/ws/1', authorization)),
        jsonFrame({ type: 'message', content: 'early', request_id: 1 }),
        jsonFrame({ type: 'ping', request_id: 2 }),
        clientFrame('{'),
      ]),
    );

    const { status } = await client.answer();
    const answers = [];
    for (let count = 0; count < 5; count++) {
      answers.push(await client.next((frame) => !isNews(frame)));
    }

    expect(status).toBe(101);
    expect(answers[0]).toMatchObject({ type: 'messages_history', data: { messages: [], last_seq: 0 } });
    expect(answers[1]).toMatchObject({ type: 'message', data: { content: 'early' } });
    expect(answers.slice(2)).toMatchObject([
      { type: 'ack', request_id: 1 },
      { type: 'pong', request_id: 2 },
      { type: 'error', code: 'invalid_json' },
    ]);
    client.destroy();
    await expectServes();
  });

  it('byte by byte is a handshake like any other', async () => {
    const client = await RawClient.connect(server);
    const bytes = Buffer.concat([
      Buffer.from(handshake('/ws/1', authorization)),
      jsonFrame({ type: 'ping', request_id: 'slow' }),
    ]);
    for (const byte of bytes) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }

    await expect(client.answer()).resolves.toMatchObject({ status: 101 });
    await expect(client.next('pong')).resolves.toMatchObject({ request_id: 'slow' });
    client.destroy();
    await expectServes();
  });

  it('torn off after any number of bytes, by an end or a reset, harms nothing', async () => {
    const whole = handshake('/ws/1', authorization);
    const cuts = [1, 20, 60, 150, whole.length - 4, whole.length - 1];

    for (const cut of cuts) {
      const [ending, resetting] = await Promise.all([RawClient.connect(server), RawClient.connect(server)]);
      ending.send(whole.slice(0, cut));
      resetting.send(whole.slice(0, cut));
      ending.tcp.end();
      resetting.reset();
      await Promise.all([ending.ended, resetting.ended]);
    }

    await expectServes();
  });

  it.each(['accepted', 'refused'])(
    'torn off while it is judged, to be %s, harms nothing',
    async (verdict) => {
      const whole = handshake(verdict === 'accepted' ? '/ws/1' : '/ws/12345', authorization);
      const clients = await Promise.all(Array.from({ length: 40 }, () => RawClient.connect(server)));

      for (const [index, client] of clients.entries()) {
        client.send(whole);
        for (let turn = 0; turn < index % 8; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (index % 3 === 0) client.reset();
        else if (index % 3 === 1) client.destroy();
        else client.tcp.end();
      }
      await Promise.all(clients.map((client) => client.ended));

      await expectServes();
    },
  );

  it('refused with frames behind it is answered all the same', async () => {
    const client = await RawClient.connect(server);
    client.send(Buffer.concat([Buffer.from(handshake('/ws/1')), Buffer.alloc(200_000, 'x')]));

    const { status } = await client.refusal();

    expect(status).toBe(401);
    await expectServes();
  });

  it('that is none of HTTP is refused', async () => {
    const client = await RawClient.connect(server);
    client.send(clientFrame('hello', { opcode: OPCODE.text }));

    await client.ended;

    await expectServes();
  });
});

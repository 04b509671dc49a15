import { aPerson, type Person } from '../../support/person';
import { handshake, RawClient } from '../../support/raw-client';
import { expectStillServes } from '../../support/still-serves';
import { startTestServer, type TestServer } from '../../support/test-server';

/** What curl and Java's HTTP client say with their first request to a plain port. */
const OFFER = {
  Connection: 'Upgrade, HTTP2-Settings',
  Upgrade: 'h2c',
  'HTTP2-Settings': 'AAMAAABkAAQBAAAAAAIAAAAA',
};

describe('a request that offers another protocol', () => {
  let server: TestServer;
  let ada: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
  });
  afterAll(() => server.stop());

  const headers = () => ({ ...OFFER, Authorization: `Bearer ${ada.token}` });

  it('is answered as the HTTP request that it is, and so are those behind it on the connection', async () => {
    const client = await RawClient.connect(server);

    client.send(handshake('/auth/me', headers()));
    const first = await client.answer();
    client.send(handshake('/rooms/1', headers()));
    const second = await client.answer();

    expect(first.status).toBe(200);
    expect(JSON.parse(first.body)).toMatchObject({ username: 'Ada' });
    expect(second.status).toBe(200);
    expect(JSON.parse(second.body)).toMatchObject({ id: 1 });
    client.destroy();
  });

  it.each(['in one piece', 'in two pieces'])(
    'may have a body, which comes %s with its head',
    async (pieces) => {
      const client = await RawClient.connect(server);
      const body = JSON.stringify({ content: `sent ${pieces}: ä` });
      const head = handshake(
        '/rooms/1/messages',
        { ...headers(), 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(body)}` },
        'POST',
      );

      client.send(pieces === 'in one piece' ? head + body : head);
      if (pieces === 'in two pieces') {
        await new Promise((resolve) => setTimeout(resolve, 20));
        client.send(body);
      }
      const { status, body: answer } = await client.answer();

      expect(status).toBe(201);
      expect(JSON.parse(answer)).toMatchObject({ content: `sent ${pieces}: ä` });
      client.destroy();
    },
  );

  it('gets the errors of HTTP, also on the path of the sockets', async () => {
    const client = await RawClient.connect(server);

    client.send(handshake('/auth/me', OFFER));
    const noToken = await client.answer();
    client.send(handshake('/ws/1', headers()));
    const noRoute = await client.answer();

    expect([noToken.status, noRoute.status]).toEqual([401, 404]);
    expect(JSON.parse(noRoute.body)).toMatchObject({ code: 'not_found' });
    client.destroy();
  });

  it('may be torn off or be nonsense without harm', async () => {
    for (const bytes of [
      handshake('/auth/me', { ...OFFER, 'Content-Length': '10' }, 'POST'),
      handshake('/auth/me', { ...headers(), 'Transfer-Encoding': 'chunked' }, 'POST') + 'zz\r\n',
      handshake('/auth/me', { ...headers(), Upgrade: 'x'.repeat(5000) }),
    ]) {
      const client = await RawClient.connect(server);
      client.send(bytes);
      client.reset();
      await client.ended;
    }

    await expectStillServes(server, ada);
  });
});

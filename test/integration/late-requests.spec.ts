import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { answerUnreadableRequests } from '../../src/transport/http/unreadable-requests';

describe('a connection on which no request comes in time', () => {
  let server: Server;
  let client: Socket;

  beforeAll(async () => {
    server = createServer({ headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 });
    answerUnreadableRequests(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  /** What the server says until it closes. */
  async function hear(bytes: string): Promise<string> {
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    if (bytes) client.write(bytes);
    let heard = '';
    client.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    await once(client, 'close');
    return heard;
  }

  it('is closed without a word if it was silent, for a first request may be on its way', async () => {
    expect(await hear('')).toBe('');
  });

  it('is told why if a request has begun', async () => {
    const answer = await hear('GET /health HTTP/1.1\r\nHos');

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('The request took too long to arrive.');
  });
});

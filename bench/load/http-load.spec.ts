import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpLoad, type HttpMeasured } from './http-load';

const PAGE = { size: 3, lastId: 7 };

/** Asks for the page up to 7 for a while and is always given these. */
async function measured(server: Server, ids: readonly number[]): Promise<HttpMeasured> {
  server.on('request', (_, response) =>
    response.end(JSON.stringify({ messages: ids.map((id) => ({ id })) })),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new HttpLoad().run({
    port,
    clients: 1,
    ms: 300,
    requests: [{ method: 'GET', path: '/', page: PAGE }],
  });
}

describe('A load over HTTP', () => {
  let server: Server;

  beforeEach(() => {
    server = createServer();
  });

  afterEach(() => server.close());

  it('accepts the page that was asked for', async () => {
    const { statuses, wrongPages } = await measured(server, [5, 6, 7]);

    expect(Object.keys(statuses)).toEqual(['200']);
    expect(wrongPages).toBe(0);
  });

  it.each([
    ['another one', [6, 7, 8]],
    ['one with a gap', [4, 6, 7]],
    ['too short a one', [6, 7]],
  ])('notices %s', async (_, ids) => {
    const { answers, wrongPages } = await measured(server, ids);

    expect(answers).toBeGreaterThan(50);
    expect(wrongPages).toBeGreaterThan(0);
  });
});

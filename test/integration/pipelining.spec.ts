import fs, { type ReadStream } from 'node:fs';
import type { Socket } from 'node:net';
import { eventually } from '../support/eventually';
import { holdTable, waitingFor } from '../support/hold-table';
import { RawClient } from '../support/raw-client';
import { aTestConfig } from '../support/test-config';
import { startTestServer, type TestServer } from '../support/test-server';

const FILE = 'swagger-ui-bundle.js';
const STUCK_SECONDS = 1;

/** Has the files that are sent, which are read as streams, noted. */
function watchFiles(): ReadStream[] {
  const files: ReadStream[] = [];
  const open = fs.createReadStream;
  jest.spyOn(fs, 'createReadStream').mockImplementation((...args) => {
    const file = open(...args);
    files.push(file);
    return file;
  });
  return files;
}

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');
}

function post(path: string, ...headers: string[]): string {
  return get(path, ...headers).replace('GET', 'POST');
}

describe('requests that are sent without waiting for answers', () => {
  let server: TestServer;
  let client: RawClient;
  /** The server's ends of the connections. */
  const wires = new Set<Socket>();

  beforeAll(async () => {
    server = await startTestServer({
      docsEnabled: true,
      limits: { ...aTestConfig().limits, stuck_reader_seconds: STUCK_SECONDS },
    });
    server.app.getHttpServer().on('connection', (wire) => {
      // One that offered another protocol comes again.
      if (!wires.has(wire)) wire.once('close', () => wires.delete(wire));
      wires.add(wire);
    });
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    client = await RawClient.connect(server);
  });
  afterEach(() => client.destroy());

  it('are answered in their order', async () => {
    const paths = Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? '/health/live' : `/no/${index}`,
    );

    client.send(paths.map((path) => get(path)).join(''));

    for (const path of paths) {
      const { status, body } = await client.answer();
      expect(status).toBe(path === '/health/live' ? 200 : 404);
      if (status === 404) expect(JSON.parse(body)).toMatchObject({ code: 'not_found' });
    }
  });

  it('are answered in their order where each offers another protocol', async () => {
    const offer = ['Upgrade: h2c', 'Connection: Upgrade'];

    client.send(
      Array.from({ length: 20 }, (_, index) => get(index % 2 ? '/no' : '/health/live', ...offer)).join(''),
    );

    for (let index = 0; index < 20; index++)
      expect((await client.answer()).status).toBe(index % 2 ? 404 : 200);
  });

  it('have a handshake behind them wait for their answers', async () => {
    client.send(get('/health/live') + get('/api/v1/ws', 'Upgrade: websocket', 'Connection: Upgrade'));

    expect((await client.answer()).status).toBe(200);
    expect((await client.refusal()).status).toBe(401);
  });

  it('end the connection, without a wrong answer, when one is broken while another is answered', async () => {
    const release = await holdTable(server, 'users');

    const login = JSON.stringify({ username: 'nobody', password: 'Not my password 1' });
    const path = '/api/v1/auth/login';
    const json = 'Content-Type: application/json';
    client.send(post(path, json, `Content-Length: ${login.length}`) + login);
    await waitingFor(server.dataSource, 'users');
    client.send(`${post(path, json, 'Transfer-Encoding: chunked')}no length\r\n`);
    const answer = client.answer().catch(() => null);
    await client.ended;
    await release();

    expect(await answer).toBeNull();
  });

  it('end the connection when there are hundreds', async () => {
    client.tcp.pause();
    client.send(get('/openapi.json').repeat(400));

    await eventually(() => wires.size === 0, 'it is cut off');
  });

  it('leave no file open once the client has gone', async () => {
    const files = watchFiles();
    client.tcp.pause();
    client.send(get(`/docs/${FILE}`).repeat(80));
    await eventually(() => files.length > 0, 'the file is being sent');

    client.destroy();

    await eventually(() => files.every(({ closed }) => closed), 'it is closed');
    expect(files).toHaveLength(1);
    jest.restoreAllMocks();
  });

  it('end the connection when nothing of the answers is taken', async () => {
    client.tcp.pause();
    client.send(get('/openapi.json').repeat(80));

    await eventually(() => wires.size === 0, 'it is cut off');
  });

  it('end the connection alike where a handshake stands behind them', async () => {
    client.tcp.pause();
    client.send(
      get('/openapi.json').repeat(80) + get('/api/v1/ws', 'Upgrade: websocket', 'Connection: Upgrade'),
    );

    await eventually(() => wires.size === 0, 'it is cut off');
  });
});

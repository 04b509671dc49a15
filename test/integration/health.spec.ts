import { Drain } from '../../src/realtime/drain';
import { Metrics } from '../../src/health/metrics';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

const get = (path: string) => fetch(`${server.url}${path}`);

describe('/health', () => {
  it.each([
    ['/health', 'healthy'],
    ['/health/live', 'alive'],
    ['/health/ready', 'ready'],
  ])('%s says who runs here, without a token', async (path, status) => {
    const response = await get(path);

    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toEqual({
      status,
      app_name: 'simple-chat',
      version: server.config.version,
      environment: 'test',
    });
  });
});

describe('/metrics', () => {
  it('gives the figures of the process, and those that were fed', async () => {
    const metrics = server.app.get(Metrics);
    metrics.messages.inc(3);
    metrics.flushSize.observe(7);
    await get('/health');
    await get('/api/v1/nowhere/42');

    const response = await get('/metrics');
    const text = await response.text();

    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).toMatch(/^chat_messages_total 3$/m);
    expect(text).toMatch(/^chat_flush_size_sum 7$/m);
    expect(text).toMatch(/chat_http_request_seconds_count\{method="GET",route="\/health",status="200"\} \d+/);
    expect(text).not.toContain('nowhere/42');
  });
});

describe('/health/ready', () => {
  it('answers 503 within its time-out while the database is away, and 200 when it is back', async () => {
    const { dataSource } = server;
    const query = jest.spyOn(dataSource, 'query').mockImplementation(() => new Promise(() => undefined));

    const away = await get('/health/ready');
    query.mockRestore();
    const back = await get('/health/ready');

    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('1');
    await expect(away.json()).resolves.toMatchObject({ code: 'database_unavailable' });
    expect(back.status).toBe(200);
  });
});

/** The last: a node that drains never takes work again. */
describe('a node that drains', () => {
  beforeAll(() => server.app.get(Drain).start());

  it('is not ready, for good, while it stays alive', async () => {
    const ready = await get('/health/ready');

    expect(ready.status).toBe(503);
    await expect(ready.json()).resolves.toMatchObject({ code: 'draining' });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('refuses what comes on open connections', async () => {
    const refused = await get('/api/v1/rooms');

    expect(refused.status).toBe(503);
    await expect(refused.json()).resolves.toMatchObject({ code: 'draining' });
    expect(refused.headers.get('connection')).toBe('close');
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });
});

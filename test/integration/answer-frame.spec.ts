import { aPerson } from '../support/person';
import { sendRaw } from '../support/raw-request';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ corsOrigins: ['https://chat.example.org'] });
});
afterAll(() => server.stop());

describe('the frame of every answer', () => {
  it('repeats a safe request id and replaces any other', async () => {
    const given = await sendRaw(server, 'GET', '/health', { headers: { 'x-request-id': 'my-id_1.2' } });
    const odd = await sendRaw(server, 'GET', '/health', { headers: { 'x-request-id': 'a b"c' } });
    const long = await sendRaw(server, 'GET', '/health', { headers: { 'x-request-id': 'x'.repeat(65) } });

    expect(given.headers['x-request-id']).toBe('my-id_1.2');
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(long.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has security headers and tells nothing of the framework', async () => {
    const { headers } = await sendRaw(server, 'GET', '/health');

    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('lets pages of the allowed origins in, and no others', async () => {
    const origins = [
      'https://chat.example.org',
      'http://localhost:8000',
      'http://127.0.0.1:8000',
      'https://evil.example.org',
    ];

    const answers = await Promise.all(
      origins.map((origin) => sendRaw(server, 'GET', '/health', { headers: { origin } })),
    );

    expect(answers.map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
      ...origins.slice(0, 3),
      undefined,
    ]);
  });

  it('answers a preflight', async () => {
    const { status, headers } = await sendRaw(server, 'OPTIONS', '/api/v1/rooms', {
      headers: {
        origin: 'https://chat.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

    expect(status).toBe(204);
    expect(headers['access-control-allow-methods']).toContain('POST');
    expect(headers['access-control-allow-headers']).toBe('authorization,content-type');
  });

  it('answers HEAD like GET, without a body', async () => {
    const { status, headers, text } = await sendRaw(server, 'HEAD', '/health');

    expect(status).toBe(200);
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
    expect(text).toBe('');
  });

  it('is the same around a page whose bytes are shared as around any other JSON', async () => {
    const ada = await aPerson(server, 'Ada');
    const headers = { authorization: `Bearer ${ada.token}` };
    const room = await ada.post<{ id: number }>('/rooms', { name: 'Letters' });
    const path = `/api/v1/rooms/${room.body.id}`;
    await ada.post(`/rooms/${room.body.id}/messages`, { content: 'é🙂' });

    const page = await sendRaw(server, 'GET', `${path}/messages`, { headers });
    const other = await sendRaw(server, 'GET', path, { headers });
    const head = await sendRaw(server, 'HEAD', `${path}/messages`, { headers });

    expect(JSON.parse(page.text)).toMatchObject({ messages: [{ content: 'é🙂' }] });
    expect(page.headers['content-length']).toBe(String(Buffer.byteLength(page.text)));
    expect(page.headers['content-type']).toBe(other.headers['content-type']);
    expect(Object.keys(page.headers).sort()).toEqual(Object.keys(other.headers).sort());
    expect([head.headers['content-length'], head.text]).toEqual([page.headers['content-length'], '']);
  });
});

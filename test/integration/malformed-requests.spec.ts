import { gzipSync } from 'node:zlib';
import { RawClient } from '../support/raw-client';
import { type RawRequest, sendRaw } from '../support/raw-request';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const NOWHERE = '/api/v1/nowhere';

/** What is wrong with the addresses below. */
function errorOf(path: string) {
  return path.includes('a=1')
    ? { field: 'a', message: 'must be given once' }
    : { field: '', message: 'The address is not well encoded.' };
}

describe('a malformed request', () => {
  it.each<[string, string, string, RawRequest, number, string]>([
    ['an unknown path', 'GET', NOWHERE, {}, 404, 'not_found'],
    ['an unknown path outside the API', 'GET', '/nowhere', {}, 404, 'not_found'],
    ['an unknown method', 'PROPFIND', '/health', {}, 404, 'not_found'],
    ['a method that the route does not have', 'POST', '/health', {}, 404, 'not_found'],
    ['a broken percent-encoding', 'GET', '/health/%zz', {}, 400, 'validation_failed'],
    ['a percent-encoding that is not UTF-8', 'GET', '/health/%ff', {}, 400, 'validation_failed'],
    ['a broken percent-encoding in a query', 'GET', '/health?q=%zz', {}, 400, 'validation_failed'],
    ['one that is not UTF-8 there', 'GET', '/health?q=%ff', {}, 400, 'validation_failed'],
    ['a repeated query key', 'GET', '/health?a=1&a=2', {}, 400, 'validation_failed'],
    ['JSON that ends early', 'POST', NOWHERE, { headers: JSON_TYPE, body: '{"a":' }, 400, 'invalid_json'],
    ['a JSON string', 'POST', NOWHERE, { headers: JSON_TYPE, body: '"text"' }, 400, 'invalid_json'],
    ['JSON null', 'POST', NOWHERE, { headers: JSON_TYPE, body: 'null' }, 400, 'invalid_json'],
    [
      'JSON in Latin-1 bytes',
      'POST',
      NOWHERE,
      { headers: JSON_TYPE, body: Buffer.from('{"a":"\xe9"}', 'latin1') },
      400,
      'invalid_json',
    ],
    [
      'a body over 100 KiB',
      'POST',
      NOWHERE,
      { headers: JSON_TYPE, body: JSON.stringify({ a: 'x'.repeat(102_400) }) },
      413,
      'payload_too_large',
    ],
    [
      'a gzip bomb',
      'POST',
      NOWHERE,
      {
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify({ a: 'x'.repeat(5_000_000) })),
      },
      413,
      'payload_too_large',
    ],
    [
      'an unknown content encoding',
      'POST',
      NOWHERE,
      { headers: { ...JSON_TYPE, 'content-encoding': 'zip' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      'POST',
      NOWHERE,
      { headers: { 'content-type': 'application/json; charset=utf-16' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    [
      'an unknown charset',
      'POST',
      NOWHERE,
      { headers: { 'content-type': 'application/json; charset=klingon' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    [
      'a text body',
      'POST',
      NOWHERE,
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    ['a body without a type', 'POST', NOWHERE, { body: '{}' }, 415, 'unsupported_media_type'],
    [
      'a form outside the login',
      'POST',
      NOWHERE,
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' },
      415,
      'unsupported_media_type',
    ],
    [
      'a multipart body',
      'PUT',
      NOWHERE,
      { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      415,
      'unsupported_media_type',
    ],
    [
      'a body within 100 KiB',
      'POST',
      NOWHERE,
      { headers: JSON_TYPE, body: JSON.stringify({ a: 'x'.repeat(102_000) }) },
      404,
      'not_found',
    ],
    [
      'fifty thousand brackets',
      'POST',
      NOWHERE,
      { headers: JSON_TYPE, body: '['.repeat(50_000) + ']'.repeat(50_000) },
      404,
      'not_found',
    ],
  ])('with %s is answered with a problem document', async (_, method, path, options, status, code) => {
    const answer = await sendRaw(server, method, path, options);

    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.text)).toEqual({
      type: `urn:simple-chat:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      request_id: answer.headers['x-request-id'],
      ...(code === 'validation_failed' && { errors: [errorOf(path)] }),
    });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/node_modules|\.js|at /);
  });

  it.each(['/api/v1/ws', '/api/v1/ws/1?token=x'])(
    'for %s, without an upgrade, hears what is there',
    async (path) => {
      const answer = await sendRaw(server, 'GET', path);

      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('WebSocket'),
      });
    },
  );

  it('leaves a server that goes on answering', async () => {
    expect((await sendRaw(server, 'GET', '/health')).status).toBe(200);
  });
});

describe('a body that does not decompress', () => {
  it.each([
    ['gzip', 'not compressed'],
    ['deflate', 'not compressed'],
    ['br', 'not compressed'],
    ['gzip', gzipSync('{"username":"ada"}').subarray(0, 20)],
  ])('as %s is answered as what it is: %s', async (encoding, body) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const answer = await sendRaw(server, 'POST', '/api/v1/auth/login', {
        headers: { 'content-type': type, 'content-encoding': encoding },
        body,
      });

      expect(JSON.parse(answer.text)).toMatchObject({
        status: 400,
        code: 'invalid_json',
        detail: 'The body could not be decompressed.',
      });
    }
  });
});

describe('what is no readable HTTP', () => {
  const POST = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 'The request is not valid HTTP.'],
    ['another version', 'GET /health HTTP/9.9\r\nHost: x\r\n\r\n', 'The request is not valid HTTP.'],
    [
      'two lengths',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      'The request is not valid HTTP.',
    ],
    ['a broken chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'The request is not valid HTTP.'],
    [
      'too long a header field',
      `GET /health HTTP/1.1\r\nHost: x\r\nCookie: ${'c'.repeat(20_000)}\r\n\r\n`,
      'The header fields are too large.',
    ],
  ])('is answered with a problem document: %s', async (_, bytes, detail) => {
    const client = await RawClient.connect(server);
    client.send(bytes);

    const { status, headers, problem } = await client.refusal();

    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(problem).toMatchObject({
      status: 400,
      code: 'validation_failed',
      detail,
      errors: [{ field: '', message: detail }],
    });
    expect(headers['x-request-id']).toBe(problem.request_id);
  });

  it('is not answered behind a request whose answer is due', async () => {
    const client = await RawClient.connect(server);
    client.send('GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n');

    await client.ended;

    await expect(client.answer()).rejects.toThrow('after 0 unread bytes');
  });
});

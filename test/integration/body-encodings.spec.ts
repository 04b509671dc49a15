import { sendRaw } from '../support/raw-request';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('JSON that comes', () => {
  it.each([
    ['charset=iso-8859-1', {}, 'Send UTF-8.'],
    ['charset=utf-16', {}, 'Send UTF-8.'],
    ['charset=utf8x', {}, 'Send UTF-8.'],
    ['', { 'content-encoding': 'zstd' }, 'Compress with gzip, deflate or br, or do not.'],
  ])('with %p and %j is told what to send', async (parameter, headers, detail) => {
    const type = `application/json; ${parameter}`;
    const answer = await sendRaw(server, 'POST', '/api/v1/nowhere', {
      headers: { 'content-type': type, ...headers },
      body: '{}',
    });

    expect(JSON.parse(answer.text)).toMatchObject({ code: 'unsupported_media_type', detail });
  });

  it.each(['charset=utf8', 'charset="UTF8"; x=y', 'charset=UTF-8'])('with %s is read', async (parameter) => {
    const headers = { 'content-type': `application/json; ${parameter}` };
    const answer = await sendRaw(server, 'POST', '/api/v1/auth/login', {
      headers,
      body: '{"username":"é"}',
    });

    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field: 'password' }] });
  });
});

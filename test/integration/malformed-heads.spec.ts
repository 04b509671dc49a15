import { RawClient } from '../support/raw-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('what Node or Express would refuse without a problem document', () => {
  const LOGIN = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const hostless = { field: 'Host', message: 'must be there' };
  const again = (field: string) => ({ field, message: 'must be there once' });
  const unexpected = { field: 'Expect', message: 'must be 100-continue' };
  const addressless = { field: '', message: 'The address is not valid.' };

  it.each([
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', hostless],
    ['no Host in a preflight', 'OPTIONS /health HTTP/1.1\r\nOrigin: http://x\r\n\r\n', hostless],
    [
      'no Host for another protocol',
      'GET /health HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
      hostless,
    ],
    ['a second Host', 'GET /health HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n', again('Host')],
    [
      'a second token',
      'GET /health HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n',
      again('Authorization'),
    ],
    ['an unknown expectation', `${LOGIN}Expect: foo\r\nContent-Length: 2\r\n\r\n`, unexpected],
    ['an address of half a host', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', addressless],
  ])('has one: %s', async (_, bytes, error) => {
    const client = await RawClient.connect(server);
    client.send(bytes);

    const { status, headers, body } = await client.answer();

    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
    const problem = JSON.parse(body) as object;
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed', errors: [error] });
    expect(problem).toMatchObject({ request_id: headers['x-request-id'] });
    client.destroy();
  });

  it('ends the connection where it cannot tell what comes next', async () => {
    const client = await RawClient.connect(server);
    client.send(`${LOGIN}Expect: foo\r\nContent-Length: 2\r\n\r\n`);

    expect((await client.refusal()).headers.connection).toBe('close');
  });

  it.each([
    ['', undefined],
    ['Expect: 100-continue\r\n', 'close'],
  ])('is answered before a body comes that is too large: %j', async (expectation, connection) => {
    const client = await RawClient.connect(server);
    client.send(`${LOGIN}${expectation}Content-Length: 200000000\r\n\r\n`);

    const { status, headers, body } = await client.answer();

    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({ code: 'payload_too_large' });
    expect(headers.connection === 'close' ? 'close' : undefined).toBe(connection);
    client.destroy();
  });

  it('takes what HTTP allows: no Host before 1.1, and a body that waits to be wanted', async () => {
    const client = await RawClient.connect(server);
    client.send(`${LOGIN}Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n`);
    expect((await client.answer()).status).toBe(100);
    client.send('{}');
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ errors: [{ field: 'username' }, {}] });
    client.destroy();

    const old = await RawClient.connect(server);
    old.send('GET /health HTTP/1.0\r\n\r\n');
    expect((await old.answer()).status).toBe(200);
    old.destroy();
  });
});

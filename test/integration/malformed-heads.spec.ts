import { RawClient } from '../support/raw-client';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('what Express would refuse without a problem document', () => {
  const addressless = { field: '', message: 'The address is not valid.' };

  it.each([['an address of half a host', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', addressless]])(
    'has one: %s',
    async (_, bytes, error) => {
      const client = await RawClient.connect(server);
      client.send(bytes);

      const { status, headers, body } = await client.answer();

      expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
      const problem = JSON.parse(body) as object;
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed', errors: [error] });
      expect(problem).toMatchObject({ request_id: headers['x-request-id'] });
      client.destroy();
    },
  );
});

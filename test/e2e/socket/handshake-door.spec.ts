import type { Room } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { handshake, RawClient } from '../../support/raw-client';
import { refused } from '../../support/refused';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('the doors for sockets', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer({
      publicUrl: 'https://chat.example.com',
      corsOrigins: ['https://app.example.com'],
    });
    ada = await aPerson(server, 'Ada');
    bob = await aPerson(server, 'Bob');
  });
  afterAll(() => server.stop());

  describe('for pages', () => {
    it.each(['https://chat.example.com', 'https://app.example.com'])('lets in one of %s', async (origin) => {
      const socket = await ChatSocket.open(server, ada, { headers: { origin } });

      await expect(socket.next('welcome')).resolves.toBeDefined();
      await socket.close();
    });

    it.each([
      'https://evil.example',
      'http://chat.example.com',
      'https://chat.example.com:8443',
      'https://chat.example.com.evil.example',
      'https://chat.example.com/',
      'null',
      '',
    ])('refuses one of %p', async (origin) => {
      const { status, problem } = await refused(ChatSocket.open(server, ada, { headers: { origin } }));

      expect({ status, code: problem.code }).toEqual({ status: 403, code: 'origin_not_allowed' });
    });

    it('refuses a foreign one that calls the server by the page’s own name', async () => {
      const client = await RawClient.connect(server);
      const headers = { Origin: 'http://evil.example', Host: 'evil.example' };
      client.send(handshake('/ws', { ...headers, Authorization: `Bearer ${ada.token}` }));

      const { status, problem } = await client.refusal();

      expect({ status, code: problem.code }).toEqual({ status: 403, code: 'origin_not_allowed' });
    });

    it('does not ask whoever is no page', async () => {
      const socket = await ChatSocket.open(server, ada, { path: '/1' });

      await expect(socket.next('messages_history')).resolves.toBeDefined();
      await socket.close();
    });
  });

  describe('of rooms', () => {
    it('answers alike for a room that is private, archived or was never there', async () => {
      const { body: secret } = await bob.post<Room>('/rooms', { name: 'Secret', visibility: 'private' });
      const { body: past } = await bob.post<Room>('/rooms', { name: 'Past' });
      await bob.delete(`/rooms/${past.id}`);

      const answers = await Promise.all(
        [secret.id, past.id, 2_000_000_000].map((id) =>
          refused(ChatSocket.open(server, ada, { path: `/${id}` })),
        ),
      );

      const told = answers.map(({ problem: { request_id: _, ...problem } }) => problem);
      expect(told[0]).toMatchObject({ status: 404, code: 'room_not_found' });
      expect(told[1]).toEqual(told[0]);
      expect(told[2]).toEqual(told[0]);
    });

    it('lets a member into the private room', async () => {
      const { body: room } = await bob.post<Room>('/rooms', { name: 'Ours', visibility: 'private' });
      await bob.put(`/rooms/${room.id}/members/${ada.id}`, { role: 'member' });

      const socket = await ChatSocket.open(server, ada, { path: `/${room.id}` });

      await expect(socket.next('messages_history')).resolves.toMatchObject({ data: { room_id: room.id } });
      await socket.close();
    });

    it.each([
      '0',
      '-1',
      '01',
      '+1',
      '1.0',
      '1e0',
      '0x1',
      '%31',
      ' 1',
      '1%20',
      'general',
      '2147483648',
      '1_0',
    ])('takes only canonical ids: not %p', async (id) => {
      const client = await RawClient.connect(server);
      client.send(handshake(`/ws/${encodeURI(id)}`, { Authorization: `Bearer ${ada.token}` }));

      const { status, problem } = await client.refusal();

      expect({ status, code: problem.code }).toEqual({ status: 400, code: 'validation_failed' });
      expect(problem.errors).toEqual([{ field: 'room_id', message: expect.any(String) }]);
    });

    it.each(['', '-1', '01', '1.0', '1e3', '0x10', ' 5 ', 'x', '9007199254740992'])(
      'takes only canonical positions: not %p',
      async (afterSeq) => {
        const path = `/1?after_seq=${encodeURIComponent(afterSeq)}`;

        const { status, problem } = await refused(ChatSocket.open(server, ada, { path }));

        expect({ status, code: problem.code }).toEqual({ status: 400, code: 'validation_failed' });
        expect(problem.errors).toEqual([{ field: 'after_seq', message: expect.any(String) }]);
      },
    );

    it('takes one position: not two', async () => {
      const opening = ChatSocket.open(server, ada, { path: '/1?after_seq=0&after_seq=1' });

      expect((await refused(opening)).problem).toMatchObject({
        code: 'validation_failed',
        errors: [{ field: 'after_seq' }],
      });
    });
  });

  describe('refusing', () => {
    it('answers with a whole problem document that nobody keeps, and ends the connection', async () => {
      const client = await RawClient.connect(server);
      client.send(handshake('/ws/1', { 'X-Request-Id': 'my-request-7' }));

      const { status, headers, problem } = await client.refusal();

      expect(status).toBe(401);
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer',
        'cache-control': 'no-store',
        connection: 'close',
        'x-request-id': 'my-request-7',
      });
      expect(problem).toEqual({
        type: expect.stringContaining('authentication_required'),
        title: expect.any(String),
        status: 401,
        detail: expect.any(String),
        code: 'authentication_required',
        request_id: 'my-request-7',
      });
    });

    it('makes a request id of its own where the client’s is not safe to repeat', async () => {
      const client = await RawClient.connect(server);
      client.send(handshake('/ws/1', { 'X-Request-Id': '<script>' }));

      const { headers, problem } = await client.refusal();

      expect(problem.request_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['x-request-id']).toBe(problem.request_id);
    });

    it.each(['/', '/ws/1/2', '/wss', '/ws//', '/WS', '/ws/../../health', '/rooms/1', '/ws;1', '//evil/ws'])(
      'ends a socket for the unknown path %s',
      async (path) => {
        const client = await RawClient.connect(server);
        client.send(handshake(path, { Authorization: `Bearer ${ada.token}` }));

        const { status, problem } = await client.refusal();

        expect({ status, code: problem.code }).toEqual({ status: 404, code: 'not_found' });
      },
    );

    it.each(['http://[', '*', '//', 'http://x:99999/api/v1/ws'])(
      'ends a socket for %p, which is no address at all',
      async (target) => {
        const client = await RawClient.connect(server);
        client.send(handshake('/').replace('GET /api/v1/', `GET ${target}`));

        const { status } = await client.refusal();

        expect(status).toBe(404);
      },
    );
  });
});

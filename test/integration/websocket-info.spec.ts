import type { ChangesPage, HistoryPage } from '../../src/protocol/models';
import { startTestServer, type TestServer } from '../support/test-server';
import { aPerson } from '../support/person';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ publicUrl: 'https://chat.example.org' });
});

afterAll(() => server.stop());

describe('GET /chat/websocket-info', () => {
  it('needs a token', async () => {
    const response = await fetch(`${server.url}/api/v1/chat/websocket-info`);

    expect(response.status).toBe(401);
    await expect(response.json()).resolves.toMatchObject({ code: 'authentication_required' });
  });

  it('tells the protocol, with the keys that earlier clients know', async () => {
    const ada = await aPerson(server, 'ada');

    const { status, body } = await ada.get<Record<string, never>>('/chat/websocket-info');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      websocket_endpoint: '/api/v1/ws/{room_id}',
      authentication: {
        method: expect.any(String),
        query_parameter: '?token=<access_token>',
        header: expect.stringContaining('Bearer'),
      },
      connection_example: {
        javascript: expect.stringContaining('wss://chat.example.org/api/v1/ws/1'),
        python: expect.stringContaining('wss://chat.example.org/api/v1/ws/1'),
      },
      message_formats: {
        send_message: { type: 'message', content: expect.any(String) },
        fetch_history: { type: 'fetch_messages', cursor: expect.any(Number) },
      },
      response_formats: {
        new_message: { type: 'message', data: { id: expect.any(Number), content: expect.any(String) } },
        message_history: { type: 'messages_history', data: { messages: expect.any(Array) } },
        error: { type: 'error', code: expect.any(String) },
      },
      room_info: { description: expect.any(String), example: expect.any(String) },
      limits: server.config.limits,
      close_codes: expect.arrayContaining([expect.objectContaining({ code: 4401 })]),
      error_codes: expect.arrayContaining([
        expect.objectContaining({ code: 'rate_limited', status: 429, close_code: 4429 }),
      ]),
    });
  });

  it('shows an epoch that looks like that of a log', async () => {
    const bob = await aPerson(server, 'bob');

    const { server_frames } = (await bob.get<{ server_frames: Frames }>('/chat/websocket-info')).body;
    const { epoch } = (await bob.get<HistoryPage>('/rooms/1/messages')).body;

    for (const one of [epoch, server_frames.changes.example.data.epoch])
      expect(one).toMatch(/^[0-9a-f]{32}$/);
  });
});

interface Frames {
  changes: { example: { data: ChangesPage } };
}

import { ChatSocket } from '../support/chat-socket';
import { aPerson } from '../support/person';
import { aTestConfig } from '../support/test-config';
import { startTestServer } from '../support/test-server';

describe('the length of a page', () => {
  it('is bounded by the settings, over both doors', async () => {
    const { limits } = aTestConfig();
    const server = await startTestServer({
      limits: { ...limits, history_page_default: 5, history_page_max: 20, changes_page_max: 10 },
    });
    const ada = await aPerson(server, 'Ada');
    const socket = await ChatSocket.open(server, ada, { path: '/1' });

    const statuses = await Promise.all(
      [
        'messages?limit=20',
        'messages?limit=21',
        'changes?after_seq=0&limit=10',
        'changes?after_seq=0&limit=11',
      ].map(async (path) => (await ada.get(`/rooms/1/${path}`)).status),
    );
    const allowed = await socket.request({ type: 'fetch_messages', limit: 20 });
    const refused = await socket.request({ type: 'fetch_messages', limit: 21 });

    expect(statuses).toEqual([200, 400, 200, 400]);
    expect(allowed.type).toBe('messages_history');
    expect(refused).toMatchObject({ type: 'error', code: 'validation_failed', errors: [{ field: 'limit' }] });
    await socket.close();
    await server.stop();
  });
});

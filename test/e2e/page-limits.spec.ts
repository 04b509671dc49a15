import openApi from '../../docs/openapi.json';
import { ChatSocket } from '../support/chat-socket';
import { aPerson } from '../support/person';
import { aTestConfig } from '../support/test-config';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;

beforeAll(async () => {
  const { limits } = aTestConfig();
  server = await startTestServer({
    limits: {
      ...limits,
      history_page_default: 5,
      history_page_max: 20,
      changes_page_max: 10,
      reactions_max: 7,
      pins_max: 8,
    },
  });
});
afterAll(() => server.stop());

describe('the length of a page', () => {
  it('is bounded by the settings, over both doors', async () => {
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
  });

  it('is in the served document as it is set, and in the one that is checked in as it is by default', async () => {
    const served = (await (await fetch(`${server.url}/openapi.json`)).json()) as Documented;

    expect(limitOf(served, 'messages')).toMatchObject({ minimum: 1, maximum: 20, default: 5 });
    expect(limitOf(served, 'changes')).toMatchObject({ minimum: 1, maximum: 10, default: 10 });
    expect(limitOf(openApi, 'messages')).toMatchObject({ minimum: 1, maximum: 100, default: 50 });
    expect(limitOf(openApi, 'changes')).toMatchObject({ minimum: 1, maximum: 100, default: 100 });
  });
});

describe('how many marks there may be', () => {
  it('is in the served document as it is set', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as Marks;
    const message = '/api/v1/rooms/{room_id}/messages/{message_id}';

    expect(paths[`${message}/reactions/{emoji}`]?.put?.description).toContain('up to 7 different ones');
    expect(paths[`${message}/pin`]?.put?.description).toContain('Up to 8 in a room');
  });
});

interface Marks {
  paths: Record<string, Record<string, { description: string }>>;
}

interface Documented {
  paths: Record<string, object>;
}

function limitOf({ paths }: Documented, page: string): object | undefined {
  const { get } = paths[`/api/v1/rooms/{room_id}/${page}`] as {
    get: { parameters: { name: string; schema: object }[] };
  };
  return get.parameters.find(({ name }) => name === 'limit')?.schema;
}

import type { HistoryPage } from '../../../src/protocol/models';
import { burst, codes, times } from '../../support/burst';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const MESSAGES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;

describe('the limits for messages', () => {
  let server: TestServer;
  let time: TimeTravel;
  let people = 0;
  let ada: Person;

  beforeAll(async () => {
    server = await startTestServer({ rateLimitsEnabled: true });
    time = new TimeTravel(server);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    ada = await aPerson(server, `Ada${++people}`);
  });

  it('let 20 of a user into a room within 10 s, over both doors together, and store no more', async () => {
    const [first, second] = await Promise.all([
      ChatSocket.open(server, ada, { path: '/1' }),
      ChatSocket.open(server, ada),
    ]);
    await burst(
      first,
      times(8, (n) => ({ type: 'message', content: `first ${n}` })),
    );
    await burst(
      second,
      times(8, (n) => ({ type: 'message', content: `second ${n}`, room_id: 1 })),
    );
    const rest = await Promise.all(times(4, (n) => ada.post('/rooms/1/messages', { content: `rest ${n}` })));
    const lastSeq = async () => (await ada.get<HistoryPage>('/rooms/1/messages?limit=1')).body.last_seq;
    const before = await lastSeq();

    const refusals = await burst(first, [
      { type: 'message', content: 'too many', client_msg_id: 'again' },
      { type: 'message', content: 'too many' },
    ]);
    const [elsewhere] = await burst(second, [{ type: 'message', content: 'too many', room_id: 1 }]);
    const refusedRest = await ada.post<{ code: string }>('/rooms/1/messages', { content: 'too many' });

    expect(rest.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(refusals[0]).toMatchObject({
      type: 'error',
      code: 'rate_limited',
      retryable: true,
      outcome: 'not_stored',
      client_msg_id: 'again',
      room_id: 1,
    });
    const { retry_after_ms: retryAfterMs } = refusals[0] as Frame & { retry_after_ms: number };
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(WINDOW_MS / MESSAGES_PER_WINDOW);
    expect(codes([refusals[1]!, elsewhere!])).toEqual(['rate_limited', 'rate_limited']);
    expect({ status: refusedRest.status, code: refusedRest.body.code }).toEqual({
      status: 429,
      code: 'rate_limited',
    });
    expect(Number(refusedRest.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await lastSeq()).toBe(before);

    time.advance(retryAfterMs);
    const [again, oneMore] = await burst(first, [
      { type: 'message', content: 'too many', client_msg_id: 'again' },
      { type: 'message', content: 'and one more' },
    ]);
    expect(again).toMatchObject({ type: 'ack', data: { duplicate: false } });
    expect(codes([oneMore!])).toEqual(['rate_limited']);
    await Promise.all([first.close(), second.close()]);
  });

  it('count each room and each user alone', async () => {
    const { body: room } = await ada.post<{ id: number }>('/rooms', { name: `Room of ${ada.username}` });
    const bob = await aPerson(server, `Bob${people}`);
    const [a, b] = await Promise.all([ChatSocket.open(server, ada), ChatSocket.open(server, bob)]);
    const full = times(MESSAGES_PER_WINDOW + 1, () => ({ type: 'message', content: 'x', room_id: 1 }));

    expect(codes(await burst(a, full)).at(-1)).toBe('rate_limited');
    const [otherRoom] = await burst(a, [{ type: 'message', content: 'x', room_id: room.id }]);
    const [otherUser] = await burst(b, [{ type: 'message', content: 'x', room_id: 1 }]);

    expect(codes([otherRoom!, otherUser!])).toEqual(['ack', 'ack']);
    await Promise.all([a.close(), b.close()]);
  });

  it('let the whole burst in again after a quiet window', async () => {
    const socket = await ChatSocket.open(server, ada, { path: '/1' });
    const full = times(MESSAGES_PER_WINDOW + 1, () => ({ type: 'message', content: 'x' }));

    const first = codes(await burst(socket, full));
    time.advance(WINDOW_MS);
    const second = codes(await burst(socket, full));

    const expected = [...times(MESSAGES_PER_WINDOW, () => 'ack'), 'rate_limited'];
    expect(first).toEqual(expected);
    expect(second).toEqual(expected);
    await socket.close();
  });
});

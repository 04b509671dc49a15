import type { Limits } from '../../../src/protocol/limits';
import type { HistoryPage } from '../../../src/protocol/models';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { clientFrame, OPCODE } from '../../support/client-frame';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const MESSAGES_PER_WINDOW = 20;
const FRAMES_PER_WINDOW = 120;
const INVALID_PER_MINUTE = 20;
const WINDOW_MS = 10_000;

describe('the limits of rate', () => {
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

  /** Sends the frames at once; gives the direct answers in order. */
  const burst = async (socket: ChatSocket, frames: object[]): Promise<Frame[]> => {
    const answers = frames.map((frame) => socket.request(frame));
    return Promise.all(answers);
  };
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const codes = (frames: Frame[]) => frames.map(({ type, code }) => code ?? type);

  describe('for messages', () => {
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
      const rest = await Promise.all(
        times(4, (n) => ada.post('/rooms/1/messages', { content: `rest ${n}` })),
      );
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

  describe('for frames', () => {
    const pings = (count: number) => times(count, () => ({ type: 'ping' }));

    it('let 120 of a socket pass within 10 s, whatever they are, and tell when the next may come', async () => {
      const [socket, other] = await Promise.all([ChatSocket.open(server, ada), ChatSocket.open(server, ada)]);

      const answers = await burst(socket, [
        ...pings(FRAMES_PER_WINDOW - 1),
        { type: 'fetch_messages', room_id: 1 },
        { type: 'ping' },
        { type: 'message', content: 'x', room_id: 1 },
      ]);
      const [pong] = await burst(other, pings(1));

      expect(codes(answers.slice(FRAMES_PER_WINDOW - 2))).toEqual([
        'pong',
        'messages_history',
        'rate_limited',
        'rate_limited',
      ]);
      expect(answers.at(-2)).toMatchObject({ retry_after_ms: expect.any(Number), retryable: true });
      expect(answers.at(-2)).not.toHaveProperty('outcome');
      expect(answers.at(-1)).toMatchObject({ retry_after_ms: expect.any(Number), outcome: 'not_stored' });
      expect(codes([pong!])).toEqual(['pong']);

      time.advance((answers.at(-1) as unknown as { retry_after_ms: number }).retry_after_ms);
      expect(codes(await burst(socket, pings(2)))).toEqual(['pong', 'rate_limited']);
      await Promise.all([socket.close(), other.close()]);
    });

    it('close a socket that keeps on with 4429', async () => {
      const socket = await ChatSocket.open(server, ada);
      for (const frame of pings(3 * FRAMES_PER_WINDOW)) socket.send(frame);

      await expect(socket.closed).resolves.toMatchObject({ code: 4429 });
      const refusals = socket.frames.filter(({ code }) => code === 'rate_limited');
      expect(refusals.length).toBeGreaterThanOrEqual(FRAMES_PER_WINDOW);
      expect(refusals.length).toBeLessThan(2 * FRAMES_PER_WINDOW);
    });

    it('close a socket with 4429 that floods with pings of the wire', async () => {
      const client = await RawClient.open(server, '/ws/1', ada.token);
      client.send(
        Buffer.concat(times(5 * FRAMES_PER_WINDOW, () => clientFrame('', { opcode: OPCODE.ping }))),
      );

      await expect(client.closeCode()).resolves.toBe(4429);
      client.destroy();
    });

    it('forgive a socket that is refused now and then', async () => {
      const socket = await ChatSocket.open(server, ada);

      for (let round = 0; round < 4; round++) {
        const answers = codes(await burst(socket, pings(FRAMES_PER_WINDOW + 50)));
        expect(answers.filter((code) => code === 'rate_limited').length).toBeGreaterThanOrEqual(40);
        time.advance(WINDOW_MS);
      }

      await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
      await socket.close();
    });
  });

  describe('for invalid frames', () => {
    const invalid = ['{', '[]', '{"type":"nonsense"}', '{"type":"ping","a":1}'];
    const sendInvalid = async (socket: ChatSocket, count: number) => {
      for (const text of times(count, (n) => invalid[n % invalid.length]!)) {
        socket.sendRaw(text);
        await socket.next('error');
      }
    };

    it('close a socket with 4400 at the twentieth within a minute, which is still answered', async () => {
      const socket = await ChatSocket.open(server, ada);

      await sendInvalid(socket, INVALID_PER_MINUTE - 1);
      await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
      await sendInvalid(socket, 1);

      await expect(socket.closed).resolves.toMatchObject({ code: 4400 });
    });

    it('forget them after a minute', async () => {
      const socket = await ChatSocket.open(server, ada);

      for (let round = 0; round < 3; round++) {
        await sendInvalid(socket, INVALID_PER_MINUTE - 1);
        time.advance(60_000);
      }

      await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
      await socket.close();
    });

    it('do not count what is well formed and refused', async () => {
      const socket = await ChatSocket.open(server, ada, { path: '/1' });

      const answers = await burst(
        socket,
        times(2 * INVALID_PER_MINUTE, () => ({ type: 'delete_message', message_id: 999 })),
      );

      expect(new Set(codes(answers))).toEqual(new Set(['message_not_found']));
      await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
      await socket.close();
    });
  });

  it('are stated in the welcome', async () => {
    const socket = await ChatSocket.open(server, ada);

    const { data } = await socket.next('welcome');

    expect(data.limits).toEqual(server.config.limits);
    expect(data.limits).toMatchObject({
      messages_per_window: MESSAGES_PER_WINDOW,
      frames_per_window: FRAMES_PER_WINDOW,
      rate_window_seconds: WINDOW_MS / 1000,
      invalid_frames_per_minute: INVALID_PER_MINUTE,
    } satisfies Partial<Limits>);
    await socket.close();
  });
});

describe('without limits of rate', () => {
  it('a socket may send as much, and as wrongly, as it likes', async () => {
    const server = await startTestServer({ rateLimitsEnabled: false });
    const socket = await ChatSocket.open(server, await aPerson(server, 'Ada'), { path: '/1' });

    for (let n = 0; n < 50; n++) socket.send({ type: 'message', content: 'x' });
    for (let n = 0; n < 400; n++) socket.sendRaw('{');
    await socket.request({ type: 'ping' });

    expect(socket.frames.filter(({ type }) => type === 'message')).toHaveLength(50);
    expect(socket.frames.filter(({ code }) => code === 'invalid_json')).toHaveLength(400);
    await socket.close();
    await server.stop();
  });
});

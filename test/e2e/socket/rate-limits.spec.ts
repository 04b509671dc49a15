import type { Limits } from '../../../src/protocol/limits';
import { burst, codes, times } from '../../support/burst';
import { ChatSocket } from '../../support/chat-socket';
import { clientFrame, OPCODE } from '../../support/client-frame';
import { aPerson, type Person } from '../../support/person';
import { RawClient } from '../../support/raw-client';
import { startTestServer, type TestServer } from '../../support/test-server';
import { TimeTravel } from '../../support/time-travel';

const MESSAGES_PER_WINDOW = 20;
const FRAMES_PER_WINDOW = 120;
const INVALID_PER_MINUTE = 20;
const WINDOW_MS = 10_000;

describe('the limits of a socket', () => {
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

import * as fc from 'fast-check';
import { ERROR_CODES } from '../../../src/protocol/error-codes';
import { ChatSocket, type Frame } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

const SEED = 20_260_101;

const TYPES = [
  'message',
  'fetch_messages',
  'join',
  'leave',
  'edit_message',
  'delete_message',
  'authenticate',
  'ping',
];
const FIELDS = [
  'content',
  'client_msg_id',
  'reply_to_id',
  'room_id',
  'message_id',
  'cursor',
  'after',
  'around',
  'limit',
  'after_seq',
  'epoch',
  'token',
  '__proto__',
  'constructor',
];

/** Values that are often right, so that frames get past the first check, and often anything at all. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    1,
    0,
    -1,
    2,
    1.5,
    2 ** 31,
    2 ** 53,
    '1',
    '',
    'x',
    null,
    true,
    [],
    {},
    '\ud800',
    'a\0b',
  ),
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Built from entries, so that `__proto__` is a field and not the prototype. */
const frame = fc
  .record({
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...TYPES) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    fields: fc.uniqueArray(
      fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), fc.string({ maxLength: 10 })), value),
      {
        selector: ([name]) => name,
        maxLength: 5,
      },
    ),
  })
  .map(
    ({ type, fields }) =>
      Object.fromEntries([['type', type], ...fields.filter(([name]) => name !== 'type')]) as object,
  );

describe('a socket under fuzzed frames', () => {
  let server: TestServer;
  let ada: Person;
  let sockets: ChatSocket[];

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    sockets = await Promise.all([ChatSocket.open(server, ada, { path: '/1' }), ChatSocket.open(server, ada)]);
  });
  afterAll(async () => {
    await Promise.all(sockets.map((socket) => socket.close()));
    await server.stop();
  });

  /** Sends all, then a ping; gives what came up to its pong. */
  const answersTo = async (socket: ChatSocket, texts: string[]): Promise<Frame[]> => {
    const before = socket.frames.length;
    for (const text of texts) socket.sendRaw(text);
    const pong = await socket.request({ type: 'ping' });
    // Who is present may be told at any moment, also right behind the pong.
    return socket.frames.slice(before, socket.frames.indexOf(pong));
  };

  const expectOrdinary = (answers: Frame[]) => {
    for (const { type, code } of answers) {
      expect(typeof type).toBe('string');
      if (type !== 'error') continue;
      expect(ERROR_CODES).toContain(code);
      expect(code).not.toBe('internal_error');
    }
  };

  it.each([0, 1])(
    'answers every frame once, in order, and never with a fault of its own (door %i)',
    async (door) => {
      let requestId = 0;
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
          const numbered = frames.map((one) => ({ id: ++requestId, text: withRequestId(one, requestId) }));

          const answers = await answersTo(
            sockets[door]!,
            numbered.map(({ text }) => text),
          );

          expectOrdinary(answers);
          for (const { type, code } of answers) seen.add(code ?? type);
          const direct = answers.flatMap(({ request_id }) => (request_id === undefined ? [] : [request_id]));
          expect(direct).toEqual(numbered.map(({ id }) => id));
        }),
        { seed: SEED, numRuns: 150 },
      );
    },
  );

  it('answers any text at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 20 }),
        async (texts) => {
          const answers = await answersTo(sockets[0]!, texts);

          expectOrdinary(answers);
          expect(answers).toHaveLength(texts.length);
        },
      ),
      { seed: SEED, numRuns: 50 },
    );
  });
});

/** The frame as text with the request id last, where it wins over one that the frame has. */
function withRequestId(frame: object, requestId: number): string {
  return `${JSON.stringify(frame).slice(0, -1)},"request_id":${requestId}}`;
}

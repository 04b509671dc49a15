import { ChatSocket } from '../../support/chat-socket';
import { onlyAnswerTo } from '../../support/only-answer';
import { aPerson } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

const DEEP_LIST = '['.repeat(10_000) + ']'.repeat(10_000);
const DEEP_OBJECT = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;

describe('a malformed frame', () => {
  let server: TestServer;
  let socket: ChatSocket;

  beforeAll(async () => {
    server = await startTestServer();
    socket = await ChatSocket.open(server, await aPerson(server, 'Ada'), { path: '/1' });
    await socket.next('messages_history');
  });
  afterAll(async () => {
    await socket.close();
    await server.stop();
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['text', 'hello'],
    ['half an object', '{"type":"ping"'],
    ['two objects', '{"type":"ping"}{"type":"ping"}'],
    ['a trailing comma', '{"type":"ping",}'],
    ['single quotes', "{'type':'ping'}"],
    ['a comment', '{"type":"ping"} // hi'],
    ['a byte order mark', '\ufeff{"type":"ping"}'],
    ['NaN', 'NaN'],
    ['a raw line break in text', '{"type":"pi\nng"}'],
    ['a raw NUL', '{"type":"ping"}\0'],
    ['half of something deep', '['.repeat(60_000)],
  ])('that is no JSON is told so: %s', async (_, text) => {
    await expect(onlyAnswerTo(socket, text)).resolves.toEqual({
      type: 'error',
      code: 'invalid_json',
      message: expect.any(String),
      retryable: false,
    });
  });

  it.each([
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '5'],
    ['a huge number', '1e999'],
    ['text', '"ping"'],
    ['a list', '[]'],
    ['a list of frames', '[{"type":"ping"}]'],
    ['a deep list', DEEP_LIST],
  ])('that is no object is told so: %s', async (_, text) => {
    await expect(onlyAnswerTo(socket, text)).resolves.toMatchObject({
      type: 'error',
      code: 'validation_failed',
      errors: [{ field: '', message: expect.any(String) }],
    });
  });

  it.each([
    ['missing', '{"request_id":"q"}'],
    ['null', '{"type":null,"request_id":"q"}'],
    ['a number', '{"type":1,"request_id":"q"}'],
    ['a list', '{"type":["message"],"request_id":"q"}'],
    ['a deep list', `{"type":${DEEP_LIST},"request_id":"q"}`],
    ['an object', '{"type":{},"request_id":"q"}'],
    ['an object that cannot be made text', '{"type":{"toString":1,"valueOf":1},"request_id":"q"}'],
  ])('whose type is no text is told so: %s', async (_, text) => {
    await expect(onlyAnswerTo(socket, text)).resolves.toMatchObject({
      type: 'error',
      code: 'validation_failed',
      request_id: 'q',
      errors: [{ field: 'type', message: expect.any(String) }],
    });
  });

  it.each([
    '',
    'Message',
    'message ',
    'ping\0',
    '\ud800',
    'error',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('of the unknown type %j is told so', async (type) => {
    const answer = await onlyAnswerTo(socket, JSON.stringify({ type, request_id: 7 }));

    expect(answer).toMatchObject({ type: 'error', code: 'unknown_type', request_id: 7, retryable: false });
  });

  it.each([
    ['a known field', `{"type":"message","content":${DEEP_LIST},"request_id":3}`],
    ['an unknown field', `{"type":"message","content":"x","a":${DEEP_OBJECT},"request_id":3}`],
    ['the request_id', `{"type":"message","content":"x","request_id":${DEEP_LIST}}`],
  ])('with something 10,000 levels deep in %s is refused', async (_, text) => {
    await expect(onlyAnswerTo(socket, text)).resolves.toMatchObject({
      type: 'error',
      code: 'validation_failed',
      outcome: 'not_stored',
    });
  });

  it.each([
    ['a long text', 'x'.repeat(65)],
    ['a fraction', 1.5],
    ['beyond 2^53', 2 ** 53],
    ['an object', {}],
    ['a list', [1]],
    ['true', true],
    ['half a surrogate pair', '\ud800'],
    ['text with NUL', 'a\0'],
  ])('whose request_id is %s is refused without an echo', async (_, requestId) => {
    const frame = { type: 'message', content: 'x', request_id: requestId };

    const answer = await onlyAnswerTo(socket, JSON.stringify(frame));

    expect(answer).toMatchObject({
      type: 'error',
      code: 'validation_failed',
      outcome: 'not_stored',
      errors: [{ field: 'request_id' }],
    });
    expect(answer).not.toHaveProperty('request_id');
  });

  it.each([0, -7, Number.MAX_SAFE_INTEGER, '', 'x'.repeat(64), '😀', '__proto__'])(
    'with the request_id %j gets it back in its error',
    async (requestId) => {
      const answer = await onlyAnswerTo(socket, JSON.stringify({ type: 'nonsense', request_id: requestId }));

      expect(answer).toMatchObject({ code: 'unknown_type', request_id: requestId });
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('with %s in it touches no prototype', async (key) => {
    const answer = await onlyAnswerTo(
      socket,
      `{"type":"fetch_messages","request_id":1,"${key}":{"polluted":true,"limit":5,"prototype":{"polluted":true}}}`,
    );

    expect(answer).toHaveProperty('request_id', 1);
    expect('polluted' in {}).toBe(false);
  });

  it('of thousands of unknown fields gets an answer of bounded size', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, 1]));

    const answer = await onlyAnswerTo(socket, JSON.stringify({ type: 'ping', request_id: 1, ...fields }));

    expect(answer).toMatchObject({ code: 'validation_failed', request_id: 1 });
    expect(JSON.stringify(answer).length).toBeLessThan(20_000);
  });
});

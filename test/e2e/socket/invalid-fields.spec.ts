import type { HistoryPage } from '../../../src/protocol/models';
import type { Problem } from '../../support/account-client';
import { ChatSocket } from '../../support/chat-socket';
import { onlyAnswerTo } from '../../support/only-answer';
import { aPerson, type Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

describe('a frame with an invalid field', () => {
  let server: TestServer;
  let ada: Person;
  let room: ChatSocket;
  let lobby: ChatSocket;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await aPerson(server, 'Ada');
    room = await ChatSocket.open(server, ada, { path: '/1' });
    lobby = await ChatSocket.open(server, ada);
    await Promise.all([room.next('messages_history'), lobby.next('welcome')]);
  });
  afterAll(async () => {
    await Promise.all([room.close(), lobby.close()]);
    await server.stop();
  });

  const message = (more: object) => ({ type: 'message', content: 'x', ...more });
  const edit = (more: object) => ({ type: 'edit_message', content: 'x', message_id: 1, ...more });
  const deletion = (more: object) => ({ type: 'delete_message', ...more });
  const page = (more: object) => ({ type: 'fetch_messages', ...more });

  it.each<[string, object, string]>([
    ['no content', { type: 'message' }, 'content'],
    ['null as content', message({ content: null }), 'content'],
    ['a number as content', message({ content: 5 }), 'content'],
    ['a list as content', message({ content: ['hi'] }), 'content'],
    ['an object as content', message({ content: { toString: 1 } }), 'content'],
    ['NUL in the content', message({ content: 'a\0b' }), 'content'],
    ['half a surrogate pair in the content', message({ content: 'a\ud83d' }), 'content'],
    ['the other half', message({ content: '\ude00a' }), 'content'],
    ['a pair the wrong way round', message({ content: '\ude00\ud83d' }), 'content'],
    ['a number as client_msg_id', message({ client_msg_id: 5 }), 'client_msg_id'],
    ['an empty client_msg_id', message({ client_msg_id: '' }), 'client_msg_id'],
    ['a long client_msg_id', message({ client_msg_id: 'x'.repeat(129) }), 'client_msg_id'],
    ['NUL in the client_msg_id', message({ client_msg_id: '\0' }), 'client_msg_id'],
    ['half a surrogate pair in it', message({ client_msg_id: '\udfff' }), 'client_msg_id'],
    ['an answer to 0', message({ reply_to_id: 0 }), 'reply_to_id'],
    ['an answer to a text', message({ reply_to_id: '1' }), 'reply_to_id'],
    ['an answer to nothing', message({ reply_to_id: 12345 }), 'reply_to_id'],
    ['an answer to 2^53', message({ reply_to_id: 2 ** 53 }), 'reply_to_id'],
    ['an unknown field', message({ user_id: 1 }), 'user_id'],
    ['a known field in other letters', message({ Content: 'y' }), 'Content'],
    ['another room', message({ room_id: 2 }), 'room_id'],
    ['room 0', message({ room_id: 0 }), 'room_id'],
    ['a room as text', message({ room_id: '1' }), 'room_id'],
    ['a room beyond all', message({ room_id: 2 ** 31 }), 'room_id'],
    ['half a room', message({ room_id: 1.5 }), 'room_id'],
    ['no message_id to edit', edit({ message_id: undefined }), 'message_id'],
    ['a text as message_id', edit({ message_id: '1' }), 'message_id'],
    ['nothing to say in an edit', edit({ content: undefined }), 'content'],
    ['another room in an edit', edit({ room_id: 2 }), 'room_id'],
    ['a negative message_id', deletion({ message_id: -1 }), 'message_id'],
    ['null as message_id', deletion({ message_id: null }), 'message_id'],
    ['a huge message_id', deletion({ message_id: 1e300 }), 'message_id'],
    ['another room in a deletion', deletion({ message_id: 1, room_id: 2 }), 'room_id'],
  ])('that would change something tells which, and that nothing was stored: %s', async (_, frame, field) => {
    const answer = await onlyAnswerTo(room, JSON.stringify({ ...frame, request_id: 'q' }));

    expect(answer).toMatchObject({
      type: 'error',
      code: 'validation_failed',
      request_id: 'q',
      outcome: 'not_stored',
      errors: [{ field, message: expect.any(String) }],
    });
  });

  it.each(['request_id', 'client_msg_id'])('is told by the longest %s that one may have', async (name) => {
    const [frame, max] = name === 'request_id' ? [{ type: 'join' }, 64] : [{ type: 'message' }, 128];

    const answer = await onlyAnswerTo(
      room,
      JSON.stringify({ ...frame, room_id: 2, [name]: '😀'.repeat(max) }),
    );

    expect(answer).toMatchObject({ code: 'validation_failed', [name]: '😀'.repeat(max) });
  });

  it('does not have one in a request_id of null, which is none', async () => {
    const answer = await onlyAnswerTo(room, '{"type":"fetch_messages","request_id":null}');

    expect(answer.type).toBe('messages_history');
    expect(answer).not.toHaveProperty('request_id');
  });

  it('of a number that JSON writes and nothing holds is refused', async () => {
    const answer = await onlyAnswerTo(room, '{"type":"message","content":"x","reply_to_id":1e999}');

    expect(answer).toMatchObject({ code: 'validation_failed', errors: [{ field: 'reply_to_id' }] });
  });

  it.each<[string, object, string]>([
    ['cursor 0', page({ cursor: 0 }), 'cursor'],
    ['a text as cursor', page({ cursor: '5' }), 'cursor'],
    ['a negative after', page({ after: -1 }), 'after'],
    ['around 0', page({ around: 0 }), 'around'],
    ['two directions', page({ cursor: 5, after: 5 }), 'after'],
    ['limit 0', page({ limit: 0 }), 'limit'],
    ['limit 101', page({ limit: 101 }), 'limit'],
    ['half a limit', page({ limit: 1.5 }), 'limit'],
    ['a list as limit', page({ limit: [5] }), 'limit'],
    ['another room', page({ room_id: 2 }), 'room_id'],
    ['another room to join', { type: 'join', room_id: 2 }, 'room_id'],
    ['another room to leave', { type: 'leave', room_id: 2 }, 'room_id'],
    ['a negative position', { type: 'join', after_seq: -1 }, 'after_seq'],
    ['a text as position', { type: 'join', after_seq: '0' }, 'after_seq'],
    ['a number as epoch', { type: 'join', after_seq: 0, epoch: 1 }, 'epoch'],
    ['no token', { type: 'authenticate' }, 'token'],
    ['an empty token', { type: 'authenticate', token: '' }, 'token'],
    ['an object as token', { type: 'authenticate', token: {} }, 'token'],
    ['an unknown field', { type: 'ping', payload: 'x' }, 'payload'],
    [
      'a long one, up to a whole character',
      { type: 'ping', [`${'x'.repeat(99)}😀`]: 1 },
      `${'x'.repeat(99)}�`,
    ],
    ['another room to ping', { type: 'ping', room_id: 2 }, 'room_id'],
    ['another room for a token', { type: 'authenticate', token: 'x', room_id: 2 }, 'room_id'],
  ])('that asks for something tells which: %s', async (_, frame, field) => {
    const answer = await onlyAnswerTo(room, JSON.stringify({ ...frame, request_id: 1 }));

    expect(answer).toMatchObject({
      type: 'error',
      code: 'validation_failed',
      request_id: 1,
      errors: [{ field, message: expect.any(String) }],
    });
    expect(answer).not.toHaveProperty('outcome');
  });

  it('may name the room of its socket, though it is about none', async () => {
    const frames = [{ type: 'ping' }, { type: 'authenticate', token: ada.token }];

    const answers = [];
    for (const frame of frames)
      answers.push(await onlyAnswerTo(room, JSON.stringify({ ...frame, room_id: 1 })));

    expect(answers.map(({ type }) => type)).toEqual(['pong', 'authenticated']);
  });

  it.each([0, -7, 2 ** 31])('has nothing echoed that is no room: %d', async (roomId) => {
    const answer = await onlyAnswerTo(lobby, JSON.stringify({ type: 'join', room_id: roomId }));

    expect(answer.code).toBe('validation_failed');
    expect(answer).not.toHaveProperty('room_id');
  });

  it.each([
    ['empty', '', 'message_empty'],
    ['white space', ' \n\u00a0\u3000 ', 'message_empty'],
    ['one letter too long', 'x'.repeat(4001), 'message_too_long'],
    ['one emoji too long', '😀'.repeat(4001), 'message_too_long'],
  ])(
    'tells of content that is %s by a code of its own, with the names of the message',
    async (_, content, code) => {
      const frame = { type: 'message', content, client_msg_id: 'mine', request_id: 'q' };

      const answer = await onlyAnswerTo(room, JSON.stringify(frame));

      expect(answer).toMatchObject({
        type: 'error',
        code,
        outcome: 'not_stored',
        request_id: 'q',
        client_msg_id: 'mine',
        room_id: 1,
      });
    },
  );

  it('tells over REST, too, what content is too long, however long it is, and names no other limit', async () => {
    const tooLong = await ada.post<Problem>('/rooms/1/messages', { content: 'x'.repeat(102_000) });
    const noText = await ada.post<Problem>('/rooms/1/messages', { content: 5 });

    expect(tooLong).toMatchObject({ status: 400, body: { code: 'message_too_long' } });
    expect(noText).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'content', message: expect.not.stringMatching(/\d/) }] },
    });
  });

  it.each<[string, object]>([
    ['message', { content: 'x' }],
    ['fetch_messages', {}],
    ['join', {}],
    ['leave', {}],
    ['edit_message', { content: 'x', message_id: 1 }],
    ['delete_message', { message_id: 1 }],
  ])('is a %s without its room on the socket for many rooms', async (type, more) => {
    const answer = await onlyAnswerTo(lobby, JSON.stringify({ type, ...more, request_id: 1 }));

    expect(answer).toMatchObject({
      code: 'validation_failed',
      request_id: 1,
      errors: [{ field: 'room_id' }],
    });
  });

  it('leaves nothing behind, while the longest message and the longest emoji pass', async () => {
    const { body: before } = await ada.get<HistoryPage>('/rooms/1/messages');
    const letters = await room.say('x'.repeat(4000));
    const emoji = await room.say('😀'.repeat(4000));

    expect(before).toMatchObject({ messages: [], last_seq: 0 });
    expect([letters, emoji]).toMatchObject([{ id: 1 }, { id: 2 }]);
  });
});

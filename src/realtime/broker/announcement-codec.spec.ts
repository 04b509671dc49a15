import { aMessage } from '../../../test/support/a-message';
import { CloseCode } from '../../protocol/close-codes';
import { type Announcement, topicOf } from './announcement';
import { decodeAnnouncement, encodeAnnouncement, signature } from './announcement-codec';

const message = aMessage({ id: 3, seq: 7, room_id: 1 });
const typing = {
  type: 'typing',
  data: { room_id: 1, user_id: 2, username: 'Ada', expires_in_ms: 5000 },
} as const;

const ALL: Announcement[] = [
  { type: 'changes', room_id: 1, changes: [{ type: 'message', message }] },
  { type: 'advanced', room_id: 1, last_seq: 7 },
  { type: 'frame', room_id: 1, frame: typing, except_user_id: 2 },
  {
    type: 'room_closed',
    room_id: 1,
    frame: { type: 'room_closed', data: { room_id: 1 } },
    code: CloseCode.RoomClosed,
  },
  { type: 'user_removed', room_id: 1, user_id: 2, code: CloseCode.Forbidden, reason: 'banned' },
  { type: 'user_renamed', user_id: 2, username: 'Ada' },
  { type: 'rights_changed', room_id: 1, user_id: null },
  { type: 'session_ended', session_id: 'a', reason: 'logout' },
  { type: 'user_sessions_ended', user_id: 2, reason: 'password changed', except_session_id: null },
  { type: 'user_changed', user_id: 2 },
  { type: 'hello', to: null },
  { type: 'bye' },
];

const changes = (...messages: unknown[]) =>
  JSON.stringify({
    v: 1,
    from: 'b',
    type: 'changes',
    room_id: 1,
    changes: messages.map((item) => ({ type: 'message', message: item })),
  });

describe('an announcement', () => {
  it.each(ALL.map((announcement) => [announcement.type, announcement] as const))(
    'of %s is read as it was written',
    (_type, announcement) => {
      const payload = encodeAnnouncement('node-b', announcement);

      expect(decodeAnnouncement(payload)).toEqual({ from: 'node-b', announcement });
      expect(payload.startsWith(signature('node-b'))).toBe(true);
      expect(payload.startsWith(signature('node-a'))).toBe(false);
    },
  );

  it('goes to the room if it may be missed, and to every node if it may not', () => {
    const toRooms = ALL.filter((announcement) => topicOf(announcement) !== 'nodes');

    expect(toRooms.map(({ type }) => type)).toEqual(['changes', 'advanced', 'frame']);
    expect(topicOf(ALL[0]!)).toEqual({ roomId: 1 });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"v":1,"from":"b","type":"bye"'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another version', '{"v":2,"from":"b","type":"bye"}'],
    ['a version as text', '{"v":"1","from":"b","type":"bye"}'],
    ['no sender', '{"v":1,"type":"bye"}'],
    ['an unknown type', '{"v":1,"from":"b","type":"format_disk"}'],
    ['a type of every object', '{"v":1,"from":"b","type":"constructor"}'],
    ['no type', '{"v":1,"from":"b"}'],
    ['a missing field', '{"v":1,"from":"b","type":"advanced","room_id":1}'],
    ['a number as text', '{"v":1,"from":"b","type":"advanced","room_id":1,"last_seq":"7"}'],
    ['a fraction', '{"v":1,"from":"b","type":"advanced","room_id":1,"last_seq":7.5}'],
    ['a negative number', '{"v":1,"from":"b","type":"advanced","room_id":1,"last_seq":-7}'],
    ['a number beyond 2^53', '{"v":1,"from":"b","type":"advanced","room_id":1,"last_seq":9007199254740993}'],
    ['infinity', '{"v":1,"from":"b","type":"advanced","room_id":1,"last_seq":1e999}'],
    [
      'an unknown close code',
      '{"v":1,"from":"b","type":"user_removed","room_id":1,"user_id":2,"code":1,"reason":""}',
    ],
    [
      'a frame of the log',
      encodeAnnouncement('b', {
        type: 'frame',
        room_id: 1,
        frame: { type: 'message', data: message },
        except_user_id: null,
      }),
    ],
    ['no changes', changes()],
    ['a change without a message', changes(null)],
    ['a message of another room', changes(message, { ...message, room_id: 2 })],
    ['a message without a seq', changes({ ...message, seq: undefined })],
    ['a seq of 0', changes({ ...message, seq: 0 })],
    ['content that is no text', changes({ ...message, content: { toString: 'x' } })],
    ['reactions that are no list', changes({ ...message, reactions: {} })],
    ['a reaction without users', changes({ ...message, reactions: [{ emoji: 'x', count: 1 }] })],
    ['mentions that are no numbers', changes({ ...message, mentions: ['1'] })],
    [
      '5 MB',
      encodeAnnouncement('b', { type: 'session_ended', session_id: 'x'.repeat(5_000_000), reason: '' }),
    ],
    ['depths', `{"v":1,"from":"b","type":"bye","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('that is %s is refused', (_what, payload) => {
    expect(decodeAnnouncement(payload)).toBeNull();
  });
});

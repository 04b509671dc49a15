import type { Limits } from '../protocol/limits';
import { count, described, id, inSeconds, listOf, ref, text } from './json-schema';
import { answer, frame } from './server-frame';

/** What people let each other know without a trace in the log: who is here, who is writing, who has read how far. */
export function signalFrames(limits: Limits) {
  return {
    presence: frame(
      `Who is online: everyone as \`users\`, once after a join; then what changed, as \`joined\` and \`left\`, at most once in ${inSeconds(limits.presence_interval_ms)}. With none of the three, more than ${limits.presence_users_max} are online, and are only counted.`,
      {
        type: 'presence',
        data: { room_id: 1, count: 2, joined: [{ id: 2, username: 'bob' }] },
      },
      {
        room_id: id,
        count: described(count, 'Users online, each counted once.'),
        users: described(listOf(ref('PresentUser')), 'Everyone who is online.'),
        joined: described(listOf(ref('PresentUser')), 'Who is online now, or has another name.'),
        left: described(listOf(ref('PresentUser')), 'Who is online no more.'),
      },
      ['users', 'joined', 'left'],
    ),
    typing: frame(
      'Somebody else is typing; told anew while it goes on.',
      {
        type: 'typing',
        data: { room_id: 1, user_id: 2, username: 'bob', expires_in_ms: 2 * limits.typing_interval_ms },
      },
      {
        room_id: id,
        user_id: id,
        username: text,
        expires_in_ms: described(count, 'How long that holds unless it is told anew.'),
      },
    ),
    read: answer(
      `How far somebody has read: to all devices of that user, and in rooms of up to ${limits.read_frames_max_members} members to everyone in it.`,
      { type: 'read', data: { room_id: 1, user_id: 2, message_id: 42 } },
      {
        room_id: id,
        user_id: id,
        message_id: described(count, 'The newest message that was read; 0 for none.'),
      },
    ),
  };
}

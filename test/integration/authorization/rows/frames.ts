import type { FrameRow } from '../frame-row';
import { MESSAGE, REACTION } from '../room-plan';
import { everywhere } from '../row';

/** What whoever reads a room now may do. */
const reading = (done: string) => ({
  public: `   ${done} ${done} banned ${done} ${done} ${done} ${done}`,
  private: `  - - - ${done} ${done} ${done} -`,
  direct: `   - - - ${done} - - -`,
});
/** What members may do. */
const belonging = (done: string) => ({
  public: `   not_a_member not_a_member banned ${done} ${done} ${done} not_a_member`,
  private: `  -            -            -      ${done} ${done} ${done} -`,
  direct: `   -            -            -      ${done} -       -       -`,
});

/** Every frame of a client. The columns: stranger removed banned member moderator owner admin. */
export const FRAMES: FrameRow[] = [
  { frame: 'message', fields: () => ({ content: 'and so do I' }), ...reading('ack*') },
  {
    frame: 'fetch_messages',
    fields: () => ({}),
    ...reading('messages_history'),
    archived: ' - - - messages_history messages_history messages_history -',
  },
  { frame: 'join', fields: () => ({}), ...reading('messages_history') },
  { frame: 'join', case: 'resuming', fields: () => ({ after_seq: 1 }), ...reading('changes') },
  // It asks for no room, and tells of none: nobody reads it afterwards.
  { frame: 'leave', fields: () => ({}), ...everywhere('left left left left left left left') },
  {
    frame: 'edit_message',
    case: 'one’s own',
    fields: () => ({ message_id: MESSAGE.ofActor, content: 'mended' }),
    ...reading('ack*'),
  },
  {
    frame: 'edit_message',
    case: 'somebody else’s',
    fields: () => ({ message_id: MESSAGE.ofAuthor, content: 'mended' }),
    ...reading('forbidden'),
  },
  {
    frame: 'delete_message',
    case: 'one’s own',
    fields: () => ({ message_id: MESSAGE.ofActor }),
    ...reading('ack*'),
  },
  {
    frame: 'delete_message',
    case: 'somebody else’s',
    fields: () => ({ message_id: MESSAGE.ofAuthor }),
    public: '   forbidden forbidden banned forbidden ack* ack* ack*',
    private: '  -         -         -      forbidden ack* ack* -',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    frame: 'add_reaction',
    fields: () => ({ message_id: MESSAGE.ofActor, emoji: REACTION }),
    ...belonging('ack*'),
  },
  {
    frame: 'remove_reaction',
    fields: () => ({ message_id: MESSAGE.ofAuthor, emoji: REACTION }),
    ...belonging('ack*'),
  },
  { frame: 'read', fields: () => ({ message_id: 2 }), ...belonging('read*') },
  { frame: 'typing', isToldToOthers: true, fields: () => ({}), ...reading('nothing*') },
  {
    frame: 'authenticate',
    isRoomless: true,
    fields: ({ actor }) => ({ token: actor.token }),
    ...everywhere(
      'authenticated authenticated authenticated authenticated authenticated authenticated authenticated',
    ),
  },
  {
    frame: 'authenticate',
    isRoomless: true,
    case: 'as somebody else',
    fields: ({ others }) => ({ token: others.otherOwner.token }),
    ...everywhere('forbidden forbidden forbidden forbidden forbidden forbidden forbidden'),
  },
  {
    frame: 'ping',
    isRoomless: true,
    fields: () => ({}),
    ...everywhere('pong pong pong pong pong pong pong'),
  },
];

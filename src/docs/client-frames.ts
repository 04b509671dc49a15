import type { ClientFrame } from '../protocol/frames';
import { type Limits, REQUEST_ID_MAX_CHARS } from '../protocol/limits';
import { count, described, id, inSeconds, type JsonSchema, objectOf, text } from './json-schema';
import { EPOCH } from './model-examples';

type Type = ClientFrame['type'];
type Frame<T extends Type> = Extract<ClientFrame, { type: T }>;

export interface ClientFrameDoc {
  schema: JsonSchema;
  /** What comes back, and to whom. */
  answer: string;
}

const requestId: JsonSchema = {
  type: ['string', 'integer'],
  maxLength: REQUEST_ID_MAX_CHARS,
  description: 'Echoed in the direct answer or error.',
};
const roomId = described(id, 'May be left out on `/ws/{room_id}`.');
const messageId = described(id, 'The `id` of a message of the room.');
const emoji = described(text, 'One emoji.');
const content = described(text, 'White space at both ends is dropped.');

function type(value: Type): JsonSchema {
  return { type: 'string', const: value };
}

function reaction(name: 'add_reaction' | 'remove_reaction', description: string): ClientFrameDoc {
  return {
    schema: objectOf<Frame<typeof name>>(
      description,
      { type: type(name), message_id: messageId, emoji, room_id: roomId, request_id: requestId },
      ['room_id', 'request_id'],
      { type: name, message_id: 42, emoji: '👍' },
    ),
    answer: 'Everyone in the room gets `message_updated`; with `request_id` the sender also gets `ack`.',
  };
}

/** Every frame that a client may send, under the limits of this server. */
export function clientFrames(limits: Limits): Readonly<Record<Type, ClientFrameDoc>> {
  return {
    message: {
      schema: objectOf<Frame<'message'>>(
        'Sends a message. Sending to a public room joins it.',
        {
          type: type('message'),
          content,
          client_msg_id: described(text, "The sender's name for the message: sent again, it is stored once."),
          reply_to_id: messageId,
          room_id: roomId,
          request_id: requestId,
        },
        ['client_msg_id', 'reply_to_id', 'room_id', 'request_id'],
        {
          type: 'message',
          content: 'Hello, world!',
          client_msg_id: '7b5f0b52-0b3c-4a86-9d7a-6a4c0c0a0f1e',
          request_id: 1,
        },
      ),
      answer:
        'Everyone in the room, the sender included, gets `message`. With `request_id`, or for a repeated `client_msg_id`, the sender also gets `ack`.',
    },
    fetch_messages: {
      schema: objectOf<Frame<'fetch_messages'>>(
        'Reads history: the newest messages, or those below `cursor`, above `after`, or around one.',
        {
          type: type('fetch_messages'),
          cursor: described(id, 'Messages with an id below it.'),
          after: described(count, 'Messages with an id above it.'),
          around: described(id, 'Messages centred on it.'),
          limit: { type: 'integer', minimum: 1, maximum: limits.history_page_max },
          room_id: roomId,
          request_id: requestId,
        },
        ['cursor', 'after', 'around', 'limit', 'room_id', 'request_id'],
        { type: 'fetch_messages', cursor: 42, limit: limits.history_page_default },
      ),
      answer: '`messages_history`',
    },
    join: {
      schema: objectOf<Frame<'join'>>(
        'Joins a room; with `after_seq`, resumes there after a disconnect.',
        {
          type: type('join'),
          room_id: roomId,
          after_seq: described(count, 'The position reached before.'),
          epoch: described(text, 'The `epoch` that came with this position.'),
          request_id: requestId,
        },
        ['room_id', 'after_seq', 'epoch', 'request_id'],
        { type: 'join', room_id: 1, after_seq: 45, epoch: EPOCH },
      ),
      answer:
        'Without `after_seq`, one `messages_history`; with it, `changes` until caught up, or a `messages_history` with a `gap`. Then live frames.',
    },
    leave: {
      schema: objectOf<Frame<'leave'>>(
        'Stops the live frames of a room. Membership stays.',
        { type: type('leave'), room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'leave', room_id: 1 },
      ),
      answer: '`left`',
    },
    edit_message: {
      schema: objectOf<Frame<'edit_message'>>(
        'Edits a message of your own.',
        {
          type: type('edit_message'),
          message_id: messageId,
          content,
          room_id: roomId,
          request_id: requestId,
        },
        ['room_id', 'request_id'],
        { type: 'edit_message', message_id: 42, content: 'Hello, everyone!', request_id: 2 },
      ),
      answer: 'Everyone gets `message_updated`; with `request_id`, the sender also gets `ack`.',
    },
    delete_message: {
      schema: objectOf<Frame<'delete_message'>>(
        'Deletes a message of your own, or as a moderator or administrator anyone’s.',
        { type: type('delete_message'), message_id: messageId, room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'delete_message', message_id: 42, request_id: 3 },
      ),
      answer: 'Everyone gets `message_updated`; with `request_id`, the sender also gets `ack`.',
    },
    add_reaction: reaction('add_reaction', 'Reacts to a message with an emoji. For members.'),
    remove_reaction: reaction('remove_reaction', 'Takes the reaction back.'),
    read: {
      schema: objectOf<Frame<'read'>>(
        'Moves your reading mark forward to a message; never back, and never past the newest.',
        { type: type('read'), message_id: messageId, room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'read', message_id: 42 },
      ),
      answer: `If the mark moves, \`read\` to all of your sockets, and to everyone in the room if it has up to ${limits.read_frames_max_members} members. With \`request_id\`, it is the answer to the sender, also if the mark has not moved.`,
    },
    typing: {
      schema: objectOf<Frame<'typing'>>(
        'Tells the others in the room that you are writing.',
        { type: type('typing'), room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'typing' },
      ),
      answer: `Nothing; the others get \`typing\`, at most once in ${inSeconds(limits.typing_interval_ms)}.`,
    },
    authenticate: {
      schema: objectOf<Frame<'authenticate'>>(
        'Presents a fresh token of the same user; the socket lives on.',
        { type: type('authenticate'), token: text, room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'authenticate', token: '<access_token>' },
      ),
      answer: '`authenticated`',
    },
    ping: {
      schema: objectOf<Frame<'ping'>>(
        'Asks for a sign of life.',
        { type: type('ping'), room_id: roomId, request_id: requestId },
        ['room_id', 'request_id'],
        { type: 'ping' },
      ),
      answer: '`pong`',
    },
  };
}

import { ERROR_CATALOGUE, ERROR_CODES } from '../protocol/error-codes';
import type { ErrorFrame, ServerFrame } from '../protocol/frames';
import type { Limits } from '../protocol/limits';
import { MEMBER_CHANGES } from '../protocol/room-events';
import {
  count,
  described,
  flag,
  id,
  integer,
  type JsonSchema,
  listOf,
  objectOf,
  oneOfThese,
  orNull,
  ref,
  text,
  time,
} from './json-schema';
import { ADA, GENERAL, HELLO, HELLO_EDITED, MISSED_CHANGES, NEWEST_PAGE } from './model-examples';
import { FIELD_ERROR_SCHEMA } from './problem-schema';
import { answer, frame, requestId } from './server-frame';
import { signalFrames } from './signal-frames';

const epoch = described(text, "The name of the log's life; send it back with `after_seq`.");

const ERROR_FRAME = objectOf<ErrorFrame>(
  'A frame was refused, or could not be served.',
  {
    type: { type: 'string', const: 'error' },
    code: oneOfThese(...ERROR_CODES),
    message: text,
    retryable: described(flag, 'Whether the same frame may succeed later.'),
    retry_after_ms: described(count, 'When to try again.'),
    outcome: described(
      oneOfThese('not_stored', 'unknown'),
      'On a change that failed. `unknown`: repeat it with the same `client_msg_id`.',
    ),
    errors: listOf(FIELD_ERROR_SCHEMA),
    request_id: requestId,
    client_msg_id: text,
    room_id: id,
  },
  ['retry_after_ms', 'outcome', 'errors', 'request_id', 'client_msg_id', 'room_id'],
  {
    type: 'error',
    code: 'rate_limited',
    message: ERROR_CATALOGUE.rate_limited.message,
    retryable: true,
    retry_after_ms: 1500,
    outcome: 'not_stored',
    request_id: 1,
    room_id: 1,
  },
);

/** Every frame that the server may send, under the limits that it is set to. */
export function serverFrames(limits: Limits): Readonly<Record<ServerFrame['type'], JsonSchema>> {
  return {
    welcome: frame(
      'The first frame on `/ws`.',
      {
        type: 'welcome',
        data: { user: ADA, connection_id: 'c-1', limits, heartbeat_seconds: limits.heartbeat_seconds },
      },
      {
        user: ref('User'),
        connection_id: text,
        limits: ref('Limits'),
        heartbeat_seconds: described(count, 'How often the server pings.'),
      },
    ),
    messages_history: answer(
      'A page of history, oldest first. In the answer to a join, `last_seq` and `epoch` set the position; a page fetched later has neither.',
      { type: 'messages_history', data: { room_id: 1, ...NEWEST_PAGE } },
      {
        room_id: id,
        messages: listOf(ref('Message')),
        has_more: flag,
        next_cursor: orNull(integer),
        last_seq: described(count, 'The position from which live frames continue.'),
        epoch,
        gap: {
          type: 'object',
          description:
            'Changes that are not replayed, both ends inclusive; history fills the hole. An empty log has none: `to_seq` is 0.',
          properties: { from_seq: id, to_seq: count },
          required: ['from_seq', 'to_seq'],
        },
      },
      ['last_seq', 'epoch', 'gap'],
    ),
    changes: answer(
      'A page of catching up: every changed message once, in its latest state, by `seq`. Sets the position to `last_seq`.',
      { type: 'changes', data: { room_id: 1, ...MISSED_CHANGES } },
      { room_id: id, messages: listOf(ref('Message')), last_seq: count, epoch, has_more: flag },
    ),
    message: frame(
      'A new message. Its `seq` is the position plus one.',
      { type: 'message', data: HELLO },
      ref('Message'),
    ),
    message_updated: frame(
      'The new state of a message. Its `seq` is the position plus one.',
      { type: 'message_updated', data: HELLO_EDITED },
      ref('Message'),
    ),
    ack: answer(
      'To the sender alone: the change is committed.',
      {
        type: 'ack',
        request_id: 1,
        data: {
          room_id: 1,
          id: HELLO.id,
          seq: HELLO.seq,
          client_msg_id: HELLO.client_msg_id,
          created_at: HELLO.created_at,
          duplicate: false,
        },
      },
      {
        room_id: id,
        id,
        seq: id,
        client_msg_id: orNull(text),
        created_at: time,
        duplicate: described(flag, 'Whether this `client_msg_id` had been stored before.'),
      },
    ),
    left: answer(
      'The live frames of a room have stopped; with a `reason` where the server ended them.',
      { type: 'left', data: { room_id: 1 } },
      { room_id: id, reason: text },
      ['reason'],
    ),
    room_updated: frame(
      'A room has changed: what is the same for all of its readers.',
      {
        type: 'room_updated',
        data: {
          id: GENERAL.id,
          name: GENERAL.name,
          description: GENERAL.description,
          visibility: GENERAL.visibility,
          is_active: GENERAL.is_active,
          slow_mode_seconds: GENERAL.slow_mode_seconds,
          updated_at: GENERAL.updated_at,
        },
      },
      {
        id,
        name: text,
        description: orNull(text),
        visibility: oneOfThese('public', 'private', 'direct'),
        is_active: flag,
        slow_mode_seconds: count,
        updated_at: time,
      },
    ),
    room_closed: frame('A room was closed.', { type: 'room_closed', data: { room_id: 1 } }, { room_id: id }),
    member_updated: frame(
      'Somebody came, went, got another role, was banned or muted; `role` is null for who is not a member.',
      {
        type: 'member_updated',
        data: { room_id: 1, user: { id: 2, username: 'bob' }, role: 'moderator', change: 'role_changed' },
      },
      {
        room_id: id,
        user: { type: 'object', properties: { id, username: text }, required: ['id', 'username'] },
        role: orNull(text),
        change: oneOfThese(...MEMBER_CHANGES),
      },
    ),
    ...signalFrames(limits),
    authenticated: answer(
      'The fresh token counts from now on.',
      { type: 'authenticated', data: { expires_at: '2026-01-01T09:35:00.000Z' } },
      { expires_at: time },
    ),
    token_expiring: frame(
      'The token expires in a minute: send `authenticate` with a fresh one.',
      { type: 'token_expiring', data: { expires_at: '2026-01-01T09:35:00.000Z' } },
      { expires_at: time },
    ),
    reconnect: frame(
      'The node is going away: connect again after this time, and resume.',
      { type: 'reconnect', data: { after_ms: 1200 } },
      { after_ms: count },
    ),
    pong: {
      type: 'object',
      description: 'Answers `ping`.',
      properties: { type: { type: 'string', const: 'pong' }, request_id: requestId },
      required: ['type'],
      examples: [{ type: 'pong' }],
    },
    error: ERROR_FRAME,
  };
}

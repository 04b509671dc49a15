import type { AppConfig } from '../config/app-config';
import { CLOSE_CODES } from '../protocol/close-codes';
import { ERROR_CATALOGUE, ERROR_CODES } from '../protocol/error-codes';
import { ERROR_TABLE } from '../transport/error-table';
import { clientFrames } from './client-frames';
import { serverFrames } from './server-frames';

const PATH = '/api/v1/ws';

/**
 * The WebSocket protocol as JSON, for people and tools that write a client.
 *
 * The keys up to `room_info` are those that earlier clients know; the rest is additional.
 */
export function websocketInfo({ publicUrl, limits }: Pick<AppConfig, 'publicUrl' | 'limits'>) {
  const origin = publicUrl.replace(/^http/, 'ws');
  const taken = clientFrames(limits);
  const sent = serverFrames(limits);
  return {
    websocket_endpoint: `${PATH}/{room_id}`,
    authentication: {
      method: 'JWT: the access token of a login, presented while connecting',
      query_parameter: '?token=<access_token>',
      header: 'Authorization: Bearer <access_token>',
    },
    connection_example: {
      javascript: `const socket = new WebSocket('${origin}${PATH}/1', ['chat.v1', 'bearer.' + accessToken]);
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
socket.onopen = () => socket.send(JSON.stringify({ type: 'message', content: 'Hello!' }));`,
      python: `async with websockets.connect('${origin}${PATH}/1?token=' + access_token) as socket:
    await socket.send(json.dumps({'type': 'message', 'content': 'Hello!'}))
    async for frame in socket:
        print(json.loads(frame))`,
    },
    message_formats: {
      // Without a client_msg_id: an example that is sent twice as it stands is two messages.
      send_message: { type: 'message', content: 'Hello, world!' },
      fetch_history: exampleOf(taken.fetch_messages.schema),
    },
    response_formats: {
      new_message: exampleOf(sent.message),
      message_history: exampleOf(sent.messages_history),
      error: exampleOf(sent.error),
    },
    room_info: {
      description:
        'Each room is a log of its own. The id stands in the address and is given by GET /api/v1/rooms; the public room "general" is there from the start.',
      example: `${origin}${PATH}/1`,
    },
    endpoints: {
      [`${PATH}/{room_id}`]: 'That room is joined at once; room_id may be left out of every frame.',
      [PATH]: 'One socket for many rooms: join and leave them.',
    },
    subprotocol: {
      offer: ['chat.v1', 'bearer.<access_token>'],
      selected: 'chat.v1',
      description:
        'For browsers: nothing of the token stands in the address, and the server never echoes it.',
    },
    resume: {
      query_parameters: ['after_seq', 'epoch'],
      description:
        'A live frame carries seq = position + 1; last_seq of messages_history (after a join) and of changes sets the position. Come back with after_seq = position.',
    },
    client_frames: Object.fromEntries(
      Object.entries(taken).map(([type, { schema, answer }]) => [
        type,
        { description: schema.description, answer, example: exampleOf(schema) },
      ]),
    ),
    server_frames: Object.fromEntries(
      Object.entries(sent).map(([type, schema]) => [
        type,
        { description: schema.description, example: exampleOf(schema) },
      ]),
    ),
    limits,
    heartbeat: {
      interval_seconds: limits.heartbeat_seconds,
      timeout_seconds: limits.heartbeat_timeout_seconds,
      description: 'The server pings with WebSocket ping frames, which every library answers by itself.',
    },
    close_codes: CLOSE_CODES,
    error_codes: ERROR_CODES.map((code) => ({
      code,
      message: ERROR_CATALOGUE[code].message,
      retryable: ERROR_CATALOGUE[code].retryable,
      status: ERROR_TABLE[code].status,
      close_code: ERROR_TABLE[code].closeCode ?? null,
    })),
  };
}

function exampleOf({ examples = [] }: { examples?: readonly unknown[] }): unknown {
  return examples[0];
}

import type { AppConfig } from '../config/app-config';
import { CLOSE_CODES } from '../protocol/close-codes';
import { clientFrames } from './client-frames';
import { count, type JsonSchema, text } from './json-schema';
import { limitsSchema } from './limits-schema';
import { MODEL_SCHEMAS } from './model-schemas';
import { PROBLEM_SCHEMA } from './problem-schema';
import { serverFrames } from './server-frames';

type Settings = Pick<AppConfig, 'publicUrl' | 'version' | 'limits'>;

export interface AsyncApiMessage {
  name: string;
  title: string;
  summary?: string;
  payload: JsonSchema;
  examples: { payload: unknown }[];
}

export interface AsyncApiDocument {
  asyncapi: string;
  info: { title: string; version: string; description: string; license: { name: string } };
  defaultContentType: string;
  servers: Record<string, unknown>;
  channels: Record<string, { address: string; description: string } & Record<string, unknown>>;
  operations: Record<string, unknown>;
  components: { messages: Record<string, AsyncApiMessage> } & Record<string, unknown>;
}

const DESCRIPTION = `One protocol behind two doors: \`/ws/{room_id}\` joins that room at once, \`/ws\` takes many rooms.

A reader has a position in the log of a room. A live frame carries \`seq\` = position + 1; a \`changes\` page sets the
position to its \`last_seq\`. After a disconnect, come back with \`after_seq\` = position.

The token travels as \`Authorization: Bearer\`, as the subprotocol \`bearer.<token>\` beside \`chat.v1\`, or as \`?token=\`.
Every refusal is an HTTP answer with a problem document, before the upgrade.

Close codes:
${CLOSE_CODES.map(({ code, means, client }) => `- ${code}: ${means} – ${client}`).join('\n')}`;

/** The AsyncAPI 3.0 document of the WebSocket protocol, with the limits of this server. */
export function buildAsyncApiDocument({ publicUrl, version, limits }: Settings): AsyncApiDocument {
  const client = clientMessages(limits);
  const server = serverMessages(limits);
  const received = Object.keys(client);
  const sent = Object.keys(server);
  const sentToRoom = sent.filter((name) => name !== 'server_welcome');
  const references = (names: string[]) => refs('#/components/messages', [...received, ...names]);
  const origin = new URL(publicUrl);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Simple Chat', version, description: DESCRIPTION, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: {
      this: {
        host: origin.host,
        pathname: '/api/v1',
        protocol: origin.protocol === 'https:' ? 'wss' : 'ws',
        security: [{ $ref: '#/components/securitySchemes/bearer' }],
      },
    },
    channels: {
      room: {
        address: '/ws/{room_id}',
        description: 'One room, joined at once; its first frame answers the join. `?after_seq=N` resumes.',
        parameters: { room_id: { description: 'The id of the room.' } },
        bindings: {
          ws: {
            method: 'GET',
            query: { type: 'object', properties: { token: text, after_seq: count, epoch: text } },
          },
        },
        messages: references(sentToRoom),
      },
      rooms: {
        address: '/ws',
        description: 'Many rooms, to `join` and `leave`; its first frame is `welcome`.',
        bindings: { ws: { method: 'GET', query: { type: 'object', properties: { token: text } } } },
        messages: references(sent),
      },
    },
    operations: {
      ...operations('room', received, sentToRoom),
      ...operations('rooms', received, sent),
    },
    components: {
      messages: { ...client, ...server },
      schemas: { ...MODEL_SCHEMAS, Limits: limitsSchema(limits), Problem: PROBLEM_SCHEMA },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function clientMessages(limits: AppConfig['limits']): Record<string, AsyncApiMessage> {
  return Object.fromEntries(
    Object.entries(clientFrames(limits)).map(([type, { schema, answer }]) => [
      `client_${type}`,
      { ...message(type, schema), summary: `Answer: ${answer}` },
    ]),
  );
}

function serverMessages(limits: AppConfig['limits']): Record<string, AsyncApiMessage> {
  return Object.fromEntries(
    Object.entries(serverFrames(limits)).map(([type, schema]) => [`server_${type}`, message(type, schema)]),
  );
}

function message(type: string, { examples = [], ...payload }: JsonSchema): AsyncApiMessage {
  return {
    name: type,
    title: payload.description ?? type,
    payload,
    examples: examples.map((example) => ({ payload: example })),
  };
}

/** The server's point of view: it receives what clients send. */
function operations(channel: string, received: string[], sent: string[]) {
  const operation = (action: 'receive' | 'send', names: string[]) => ({
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: Object.values(refs(`#/channels/${channel}/messages`, names)),
  });
  return {
    [`${channel}_receive`]: operation('receive', received),
    [`${channel}_send`]: operation('send', sent),
  };
}

function refs(base: string, names: string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `${base}/${name}` }]));
}

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problemExtension } from '../common/api-problems.decorator';
import type { AppConfig } from '../config/app-config';
import { ERROR_CODES, type ErrorCode } from '../protocol/error-codes';
import type { Limits } from '../protocol/limits';
import { setBodyExample } from './body-examples';
import { SCHEMA_REFERENCE } from './json-schema';
import { MODEL_SCHEMAS } from './model-schemas';
import { setPageLimits, withFigures } from './stated-limits';
import { type Operation, codesOf, problemAnswers, problemExamples } from './problem-answers';
import { PROBLEM_SCHEMA } from './problem-schema';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const DESCRIPTION = `A chat in which every message is kept, in order, once.

Log in (\`POST /api/v1/auth/login\`), send the token as \`Authorization: Bearer\`, and read or write rooms.
Live messages come over a WebSocket: see \`GET /api/v1/chat/websocket-info\` and \`/asyncapi.json\`.

Ids, cursors and limits are canonical decimal integers; times are ISO 8601 in UTC; unknown fields are refused.
Every error is a problem document (RFC 9457) with a \`code\` that never changes its meaning.`;

const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['auth', 'Accounts, logins and sessions'],
  ['users', 'Profiles, and the administration of accounts'],
  ['rooms', 'Rooms, their members, and how far one has read'],
  ['messages', 'The log of a room'],
  ['moderation', 'Reports of messages, and what administrators and moderators did'],
  ['chat', 'The WebSocket protocol'],
  ['health', 'Probes and figures, for operators'],
];

/** The OpenAPI 3.1 document of what the application serves; complete only when built with the swagger plugin. */
export function buildOpenApiDocument(
  app: INestApplication,
  { version, limits }: Pick<AppConfig, 'version' | 'limits'>,
): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Simple Chat')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addOAuth2(
      { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login', scopes: {} } } },
      'password',
    );
  for (const [name, description] of TAGS) builder.addTag(name, description);

  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.info.license = { name: 'MIT', identifier: 'MIT' } as typeof document.info.license;
  const told = new Set<ErrorCode>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const codes = codesOf(path, operation);
      complete(operation, codes, limits);
      setBodyExample(operation, document);
      for (const code of codes) told.add(code);
    }
  }
  setPageLimits(document, limits);
  const schemas = { ...document.components?.schemas, ...MODEL_SCHEMAS, Problem: PROBLEM_SCHEMA };
  document.components = {
    ...document.components,
    // The framework's types lag behind OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
    schemas: schemas as NonNullable<OpenAPIObject['components']>['schemas'],
    examples: problemExamples(told),
  };
  return withoutFractions(document) as OpenAPIObject;
}

/** The framework takes every number for a fraction; the protocol has none. */
function withoutFractions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFractions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'type' && item === 'number' ? 'integer' : withoutFractions(item),
    ]),
  );
}

function complete(operation: Operation, codes: readonly ErrorCode[], limits: Limits): void {
  // A doc comment is a title, and perhaps more below it.
  const [summary, ...description] = (operation.summary ?? '').split('\n\n');
  operation.summary = summary?.replace(/\.$/, '');
  if (description.length > 0) operation.description = description.join('\n\n');
  if (operation.description) operation.description = withFigures(operation.description, limits);
  // Either a token that one has, or name and password.
  operation.security = operation.security?.length ? [{ password: [] }, { bearer: [] }] : [];
  operation.responses = { ...withExamples(operation.responses), ...problemAnswers(codes) };
  for (const code of ERROR_CODES) delete operation[problemExtension(code)];
}

function withExamples(responses: Operation['responses']): Operation['responses'] {
  for (const answer of Object.values(responses)) {
    if (!answer || '$ref' in answer) continue;
    const json = answer.content?.['application/json'];
    if (!json?.schema || !('$ref' in json.schema)) continue;
    const name = json.schema.$ref.slice(SCHEMA_REFERENCE.length) as keyof typeof MODEL_SCHEMAS;
    json.example = MODEL_SCHEMAS[name]?.examples?.[0];
  }
  return responses;
}

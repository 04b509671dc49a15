import type { OpenAPIObject } from '@nestjs/swagger';
import { SCHEMA_REFERENCE } from './json-schema';
import type { Operation } from './problem-answers';

/** What is tried of a body that requires nothing, so that it says something and nothing that surprises. */
const TRIED: Readonly<Record<string, readonly string[]>> = {
  UpdateProfileDto: ['display_name'],
  UpdateUserDto: ['is_active'],
  UpdateRoomDto: ['description'],
  CreateInviteDto: ['max_uses'],
  BanDto: ['reason'],
  MuteDto: [],
};

/**
 * Gives a call the body that Swagger UI fills in where it is tried out: what is required, by the examples of its
 * fields. Without it everything optional would stand there, too, which a fresh server refuses or takes by surprise.
 */
export function setBodyExample({ requestBody }: Operation, { components }: OpenAPIObject): void {
  if (!requestBody || '$ref' in requestBody) return;
  for (const media of Object.values(requestBody.content)) {
    if (!media.schema || !('$ref' in media.schema)) continue;
    const name = media.schema.$ref.slice(SCHEMA_REFERENCE.length);
    const schema = components?.schemas?.[name];
    if (!schema || '$ref' in schema) continue;
    const fields = TRIED[name] ?? schema.required ?? [];
    media.example = Object.fromEntries(fields.map((field) => [field, exampleOf(schema.properties?.[field])]));
  }
}

function exampleOf(field: object | undefined): unknown {
  return field && 'example' in field ? field.example : undefined;
}

import type { ServerFrame } from '../protocol/frames';
import type { JsonSchema } from './json-schema';

type Type = ServerFrame['type'];
type Frame<T extends Type> = Extract<ServerFrame, { type: T }>;
type Data<T extends Type> = Frame<T> extends { data: infer D } ? D : never;
/** A schema for each field of a frame's data. */
type Fields<T extends Type> = { readonly [K in keyof Required<Data<T>>]: JsonSchema };

export const requestId: JsonSchema = {
  type: ['string', 'integer'],
  description: 'That of the frame which this answers.',
};

/** A frame with `data`: the fields of it, or the model that it is. */
export function frame<T extends Type>(
  description: string,
  example: Frame<T> & { type: T },
  data: Fields<T> | JsonSchema,
  optional: readonly (keyof Data<T>)[] = [],
): JsonSchema {
  const schema: JsonSchema =
    '$ref' in data
      ? data
      : {
          type: 'object',
          properties: data as Record<string, JsonSchema>,
          required: Object.keys(data).filter((key) => !(optional as readonly string[]).includes(key)),
        };
  return {
    type: 'object',
    description,
    properties: { type: { type: 'string', const: example.type }, data: schema },
    required: ['type', 'data'],
    examples: [example],
  };
}

/** A frame that may answer one with a `request_id`. */
export function answer<T extends Type>(...args: Parameters<typeof frame<T>>): JsonSchema {
  const schema = frame<T>(...args);
  return { ...schema, properties: { ...schema.properties, request_id: requestId } };
}

/** The part of JSON Schema 2020-12 (that of OpenAPI 3.1 and AsyncAPI 3.0) that the documents use. */
export interface JsonSchema {
  $ref?: string;
  type?: JsonType | JsonType[];
  description?: string;
  format?: string;
  enum?: readonly (string | number)[];
  const?: string | number | boolean;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  items?: JsonSchema;
  oneOf?: readonly JsonSchema[];
  anyOf?: readonly JsonSchema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  examples?: readonly unknown[];
}

type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
export const integer: JsonSchema = { type: 'integer' };
export const id: JsonSchema = { type: 'integer', minimum: 1 };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const time: JsonSchema = {
  type: 'string',
  format: 'date-time',
  description: 'UTC, with milliseconds.',
};

export function oneOfThese(...values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values };
}

/** A time for people, such as `3 s` or `0.25 s`. */
export function inSeconds(durationMs: number): string {
  return `${durationMs / 1000} s`;
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

export function orNull(schema: JsonSchema): JsonSchema {
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [schema.type as JsonType, 'null'] };
}

export function described(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}

/** Where a schema that has a name stands in a document. */
export const SCHEMA_REFERENCE = '#/components/schemas/';

export function ref(name: string): JsonSchema {
  return { $ref: `${SCHEMA_REFERENCE}${name}` };
}

type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/**
 * The schema of a model of `protocol/`: the compiler sees that every field of it is there, that exactly the
 * optional ones are told to be so, and that the example is one.
 */
export function objectOf<T extends object>(
  description: string,
  properties: { readonly [K in keyof Required<T>]: JsonSchema },
  optional: readonly OptionalKeys<T>[],
  example: T,
): JsonSchema {
  const required = Object.keys(properties).filter((key) => !(optional as readonly string[]).includes(key));
  return { type: 'object', description, properties, required, examples: [example] };
}

/** On every page. */
export const hasMore = described(flag, 'Whether there is a next page.');

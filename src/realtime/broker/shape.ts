/** Tells whether a value is what it should be. */
export type Check = (value: unknown) => boolean;

/** A check for each field of `T`: a field that is added to `T` has to be added here. */
export type Shape<T> = { readonly [K in keyof T]-?: Check };

export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const isNumber: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
export const isText: Check = (value) => typeof value === 'string';
export const isAbsent: Check = (value) => value === undefined;
export const isRecord: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

export const anyOf =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

/** A whole number from 0 up to `max`. */
export const countUpTo =
  (max: number): Check =>
  (value) =>
    isCount(value) && (value as number) <= max;

export const textUpTo =
  (maxChars: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= maxChars;

export const listOf =
  (check: Check, max = Infinity): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(check);

/** A list of so many values, each of its own kind. */
export const tupleOf =
  (...checks: Check[]): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length === checks.length &&
    checks.every((check, index) => check((value as unknown[])[index]));

/** An object whose named fields are right; others are let pass. */
export function shaped<T>(shape: Shape<T>): Check {
  const fields = Object.entries<Check>(shape);
  return (value) =>
    isRecord(value) && fields.every(([name, check]) => check((value as Record<string, unknown>)[name]));
}

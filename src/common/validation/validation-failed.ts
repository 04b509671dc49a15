import type { ValidationError } from 'class-validator';
import { ChatError, type FieldError } from '../chat-error';

/** A body of thousands of unknown fields is not answered with thousands of lines. */
const ERRORS_MAX = 100;
const FIELD_NAME_MAX = 100;

/**
 * `validation_failed` with every bad field named, nested ones by path (`items.0.name`), and never a value.
 * The field of an input that is wrong as a whole is the empty string.
 */
export function validationFailed(errors: readonly ValidationError[]): ChatError {
  const fields: FieldError[] = [];
  collect(errors, '', fields);
  return new ChatError('validation_failed', { fields });
}

function collect(errors: readonly ValidationError[], parent: string, fields: FieldError[]): void {
  for (const { property, constraints, children } of errors) {
    if (fields.length >= ERRORS_MAX) return;
    const field = `${parent}${property ?? ''}`.slice(0, FIELD_NAME_MAX).toWellFormed();
    if (constraints) fields.push({ field, message: describe(constraints, property) });
    if (children) collect(children, `${field}.`, fields);
  }
}

function describe(constraints: Record<string, string>, property: string | undefined): string {
  if ('whitelistValidation' in constraints) return 'is not known here';
  if ('unknownValue' in constraints) return 'must be an object';
  return Object.values(constraints)
    .map((message) =>
      property && message.startsWith(`${property} `) ? message.slice(property.length + 1) : message,
    )
    .join('; ');
}

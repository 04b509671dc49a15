import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

export interface TextRules {
  /** Fewest code points; 0 by default. */
  min?: number;
  /** Most code points; left out where what is too long has an error of its own. */
  max?: number;
  /** Whether white space at both ends is dropped before anything is judged. */
  trim?: boolean;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether PostgreSQL would store the text as it is: it refuses NUL, and a lone surrogate has no UTF-8. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text);
}

/** Length in code points: what a reader counts as characters, one for an emoji that UTF-16 needs two units for. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Whether a value is a string of well-formed Unicode without NUL, of `min` to `max` code points. */
export function isText(value: unknown, { min = 0, max = Infinity }: TextRules): value is string {
  if (typeof value !== 'string' || !isStorableText(value)) return false;
  // Code points are never more than code units, and at least half as many: mostly nothing has to be counted.
  if (value.length <= max && value.length >= 2 * min) return true;
  const length = codePointLength(value);
  return length >= min && length <= max;
}

/** For JSON: what `isText` accepts. */
export function IsText({ min = 0, max = Infinity, trim = false }: TextRules): PropertyDecorator {
  const isBounded = max !== Infinity;
  const lengths = isBounded ? ` of ${min} to ${max} characters` : '';
  return applyDecorators(
    ApiProperty({ type: String, minLength: min, ...(isBounded && { maxLength: max }) }),
    Transform(({ value }: { value: unknown }) => (trim && typeof value === 'string' ? value.trim() : value)),
    ValidateBy({
      name: 'isText',
      validator: {
        validate: (value) => isText(value, { min, max }),
        defaultMessage: () => `must be text${lengths}, without NUL and without broken surrogate pairs`,
      },
    }),
  );
}

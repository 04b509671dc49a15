import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** A moment in ISO 8601 with its offset; a day that no calendar has is none. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !INSTANT.test(value)) return false;
  if (Number.isNaN(Date.parse(value))) return false;
  // `Date` makes the second of March of the thirtieth of February.
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** For JSON: a moment in ISO 8601 with `Z` or an offset, such as `2026-01-01T12:00:00Z`. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time' }),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: isInstant,
        defaultMessage: () => 'must be a time in ISO 8601 with an offset, such as 2026-01-01T12:00:00Z',
      },
    }),
  );
}

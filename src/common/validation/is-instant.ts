import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a moment (in ms) lies in the years 1 to 9999 in UTC: PostgreSQL has no year 0, and ISO 8601 no fifth digit. */
export function isInPlainYear(time: number): boolean {
  return time >= FIRST_MS && time <= LAST_MS;
}

/** A moment in ISO 8601 with its offset; a day that no calendar has is none. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !INSTANT.test(value)) return false;
  if (!isInPlainYear(Date.parse(value))) return false;
  // `Date` makes the second of March of the thirtieth of February.
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** For JSON: a moment in ISO 8601 with `Z` or an offset, such as `2026-01-01T12:00:00Z`, in the years 1 to 9999 in UTC. */
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

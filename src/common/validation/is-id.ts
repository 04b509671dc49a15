import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** The largest id that a JSON number carries exactly: the bound of message ids. Those of users and rooms end at `INT4_MAX`. */
export const ID_MAX = Number.MAX_SAFE_INTEGER;

/** For JSON: an integer from 1 to `max`; no string, no fraction. */
export function isId(value: unknown, max = ID_MAX): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

/** What `isId` accepts. */
export function IsId({ max = ID_MAX }: { max?: number } = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: 1, maximum: max }),
    ValidateBy({
      name: 'isId',
      validator: {
        validate: (value) => isId(value, max),
        defaultMessage: () => `must be an integer from 1 to ${max}`,
      },
    }),
  );
}

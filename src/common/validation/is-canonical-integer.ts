import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { type IntegerRange, parseCanonicalInteger } from '../canonical-integer';

/**
 * For query strings: text that is a canonical decimal integer becomes the number, anything else is refused.
 * A key given twice is an array and refused with the rest.
 */
export function IsCanonicalInteger({ min, max }: IntegerRange): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (parseCanonicalInteger(value, { min, max }) ?? value) : value,
    ),
    ValidateBy({
      name: 'isCanonicalInteger',
      validator: {
        validate: (value) =>
          Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
        defaultMessage: () => `must be an integer from ${min} to ${max}`,
      },
    }),
  );
}

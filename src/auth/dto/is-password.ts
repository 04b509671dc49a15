import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_BYTES } from '../../protocol/limits';
import { isPassword } from '../password-rule';

/** A password that may be chosen. */
export function IsPassword(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      type: String,
      format: 'password',
      minLength: PASSWORD_MIN_BYTES,
      maxLength: PASSWORD_MAX_BYTES,
    }),
    ValidateBy({
      name: 'isPassword',
      validator: {
        validate: (value) => typeof value === 'string' && isPassword(value),
        defaultMessage: () =>
          `must be text of ${PASSWORD_MIN_BYTES} to ${PASSWORD_MAX_BYTES} bytes of UTF-8, without NUL`,
      },
    }),
  );
}

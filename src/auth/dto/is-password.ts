import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { isPassword, PASSWORD_RULE } from '../../common/validation/account-rules';
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_BYTES } from '../../protocol/limits';

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
        defaultMessage: () => PASSWORD_RULE,
      },
    }),
  );
}

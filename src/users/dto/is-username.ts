import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { USERNAME_RULE } from '../../common/validation/account-rules';
import { USERNAME_MAX_CHARS, USERNAME_MIN_CHARS, USERNAME_PATTERN } from '../../protocol/limits';

/** A user name that may be chosen: nothing in it that could look like another's, no `@`, no space. */
export function IsUsername(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      type: String,
      minLength: USERNAME_MIN_CHARS,
      maxLength: USERNAME_MAX_CHARS,
      pattern: USERNAME_PATTERN.source,
    }),
    Matches(USERNAME_PATTERN, { message: USERNAME_RULE }),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { USERNAME_PATTERN } from '../../protocol/limits';

/** A user name that may be chosen: nothing in it that could look like another's, no `@`, no space. */
export function IsUsername(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, minLength: 3, maxLength: 32, pattern: USERNAME_PATTERN.source }),
    Matches(USERNAME_PATTERN, { message: 'must be 3 to 32 ASCII letters, digits, "_", "." or "-"' }),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsEmail } from 'class-validator';
import { IsText } from '../../common/validation/is-text';

/** The longest address that SMTP can deliver to. */
export const EMAIL_MAX_CHARS = 254;

/** An e-mail address, with space around it dropped. */
export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    IsText({ min: 3, max: EMAIL_MAX_CHARS, trim: true }),
    IsEmail({}, { message: 'must be an e-mail address' }),
    ApiProperty({ type: String, format: 'email' }),
  );
}

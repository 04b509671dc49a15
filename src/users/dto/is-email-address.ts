import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isEmail, ValidateBy } from 'class-validator';
import { isStorableText, IsText } from '../../common/validation/is-text';

/** The longest address that SMTP can deliver to. */
export const EMAIL_MAX_CHARS = 254;

/** An e-mail address, with space around it dropped. */
export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    IsText({ min: 3, max: EMAIL_MAX_CHARS, trim: true }),
    ValidateBy({
      name: 'isEmail',
      validator: {
        // `isEmail` fails on broken surrogate pairs instead of refusing them.
        validate: (value) => typeof value === 'string' && isStorableText(value) && isEmail(value),
        defaultMessage: () => 'must be an e-mail address',
      },
    }),
    ApiProperty({ type: String, format: 'idn-email' }),
  );
}

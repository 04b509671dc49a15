import { IsEmailAddress } from '../../users/dto/is-email-address';
import { IsUsername } from '../../users/dto/is-username';
import { IsPassword } from './is-password';

export class RegisterDto {
  /**
   * ASCII letters, digits, `_`, `.` and `-`; unique whatever the case.
   * @example 'ada'
   */
  @IsUsername()
  username: string;

  /** @example 'ada@example.org' */
  @IsEmailAddress()
  email: string;

  /**
   * 8 to 72 bytes of UTF-8.
   * @example 'correct horse'
   */
  @IsPassword()
  password: string;
}

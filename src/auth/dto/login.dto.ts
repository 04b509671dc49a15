import { IsText } from '../../common/validation/is-text';
import { EMAIL_MAX_CHARS } from '../../users/dto/is-email-address';
import { IsPresentedPassword } from './is-presented-password';

export class LoginDto {
  /**
   * The user name or the e-mail address, in any case.
   * @example 'ada'
   */
  @IsText({ min: 1, max: EMAIL_MAX_CHARS, trim: true })
  username: string;

  /** @example 'correct horse' */
  @IsPresentedPassword()
  password: string;
}

import { IsPassword } from './is-password';
import { IsPresentedPassword } from './is-presented-password';

export class ChangePasswordDto {
  /** @example 'correct horse' */
  @IsPresentedPassword()
  current_password: string;

  /**
   * 8 to 72 bytes of UTF-8.
   * @example 'a new and better one'
   */
  @IsPassword()
  new_password: string;
}

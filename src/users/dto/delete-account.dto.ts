import { IsPresentedPassword } from '../../auth/dto/is-presented-password';

export class DeleteAccountDto {
  /** @example 'correct horse' */
  @IsPresentedPassword()
  password: string;
}

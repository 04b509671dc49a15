import { IsPresentedPassword } from '../../auth/dto/is-presented-password';

export class DeleteAccountDto {
  /** @example 'correct horse battery staple' */
  @IsPresentedPassword()
  password: string;
}

import { IsOptional } from 'class-validator';
import { INT4_MAX } from '../../common/canonical-integer';
import { IsId } from '../../common/validation/is-id';
import { IsInstant } from '../../common/validation/is-instant';

export class CreateInviteDto {
  /**
   * How many may become members by it; left out or null, any number.
   * @example 5
   */
  @IsOptional()
  @IsId({ max: INT4_MAX })
  max_uses?: number | null;

  /**
   * Until when; left out or null, until it is revoked.
   * @example '2030-01-01T12:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  expires_at?: string | null;
}

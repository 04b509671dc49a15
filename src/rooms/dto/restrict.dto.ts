import { IsOptional } from 'class-validator';
import { IsInstant } from '../../common/validation/is-instant';
import { IsText } from '../../common/validation/is-text';

const REASON_MAX_CHARS = 500;

export class MuteDto {
  /**
   * When it ends by itself; left out or null, it does not.
   * @example '2030-01-01T12:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  until?: string | null;
}

export class BanDto extends MuteDto {
  /**
   * Why. The members of the room read it in its log.
   * @example 'Spam'
   */
  @IsOptional()
  @IsText({ max: REASON_MAX_CHARS, trim: true })
  reason?: string | null;
}

import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { INT4_MAX } from '../../common/canonical-integer';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { IsText } from '../../common/validation/is-text';
import { EMAIL_MAX_CHARS } from './is-email-address';

export const USER_PAGE_DEFAULT = 50;
const USER_PAGE_MAX = 100;

export class ListUsersQuery {
  /** The `next_cursor` of the page before. */
  @IsOptional()
  @IsCanonicalInteger({ min: 0, max: INT4_MAX })
  cursor?: number;

  /** How many at most. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: USER_PAGE_MAX })
  @ApiProperty({ default: USER_PAGE_DEFAULT })
  limit?: number;

  /** How the user name or the e-mail address begins, whatever the case: `ad` finds `ada`. */
  @IsOptional()
  @IsText({ max: EMAIL_MAX_CHARS, trim: true })
  search?: string;
}

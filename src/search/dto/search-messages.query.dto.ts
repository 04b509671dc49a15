import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { INT4_MAX } from '../../common/canonical-integer';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { IsText } from '../../common/validation/is-text';

const QUERY_MAX_CHARS = 256;
const POSITION_MAX_CHARS = 64;
export const SEARCH_PAGE_DEFAULT = 20;
const SEARCH_PAGE_MAX = 100;

export class SearchMessagesQuery {
  /**
   * The words to find, all of them, whatever their case; of the last one the beginning is enough. Punctuation counts
   * as space, and there are no operators.
   * @example 'hello wor'
   */
  @IsText({ max: QUERY_MAX_CHARS })
  q: string;

  /** Only in this room. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: INT4_MAX })
  room_id?: number;

  /** Only messages of this user. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: INT4_MAX })
  user_id?: number;

  /**
   * Only messages sent before this time (ISO 8601 in UTC, such as `2026-01-01T09:20:00.000Z`), or the `next_cursor` of
   * the page before.
   */
  @IsOptional()
  @IsText({ max: POSITION_MAX_CHARS })
  before?: string;

  /** How many at most. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: SEARCH_PAGE_MAX })
  @ApiProperty({ default: SEARCH_PAGE_DEFAULT })
  limit?: number;
}

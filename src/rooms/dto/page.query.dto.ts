import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { INT4_MAX } from '../../common/canonical-integer';

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 100;

/** Where a stretch of a list that is ordered by id begins. */
export class CursorQuery {
  /** The `next_cursor` of the page before. */
  @IsOptional()
  @IsCanonicalInteger({ min: 0, max: INT4_MAX })
  cursor?: number;
}

/** A stretch of a list that is ordered by id. */
export class PageQuery extends CursorQuery {
  /** How many at most. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: PAGE_MAX })
  @ApiProperty({ default: PAGE_DEFAULT })
  limit?: number;
}

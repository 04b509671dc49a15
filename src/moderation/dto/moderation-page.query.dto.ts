import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { ID_MAX } from '../../common/validation/is-id';

export const MODERATION_PAGE_DEFAULT = 50;
const MODERATION_PAGE_MAX = 100;

/** A stretch of a list that is ordered by id, newest first. */
export class ModerationPageQuery {
  /** The `next_cursor` of the page before: what follows has a lower id. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: ID_MAX })
  cursor?: number;

  /** How many at most. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: MODERATION_PAGE_MAX })
  @ApiProperty({ default: MODERATION_PAGE_DEFAULT })
  limit?: number;
}

import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { ID_MAX } from '../../common/validation/is-id';
import { LOG_PAGE_MOST } from '../../protocol/limits';

export class HistoryQueryDto {
  /** Messages with an id below it; without `cursor`, `after` and `around`, the newest. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: ID_MAX })
  @ApiProperty({ type: 'integer', required: false })
  cursor?: number;

  /** Messages with an id above it. */
  @IsOptional()
  @IsCanonicalInteger({ min: 0, max: ID_MAX })
  @ApiProperty({ type: 'integer', required: false })
  after?: number;

  /** Messages centred on this one. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: ID_MAX })
  @ApiProperty({ type: 'integer', required: false })
  around?: number;

  /** A message and its replies, oldest first; goes with `after` and with nothing else. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: ID_MAX })
  @ApiProperty({ type: 'integer', required: false })
  thread?: number;

  /** How many at most; how many may be asked for is a setting. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: LOG_PAGE_MOST })
  @ApiProperty({ type: 'integer', required: false })
  limit?: number;
}

export class ChangesQueryDto {
  /** The position from which on changes are wanted. */
  @IsCanonicalInteger({ min: 0, max: ID_MAX })
  after_seq: number;

  /** How many at most; how many may be asked for is a setting. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: LOG_PAGE_MOST })
  @ApiProperty({ type: 'integer', required: false })
  limit?: number;
}

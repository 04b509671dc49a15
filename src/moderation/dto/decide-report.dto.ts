import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsText } from '../../common/validation/is-text';

const DECISIONS = ['resolved', 'dismissed'] as const;
const NOTE_MAX_CHARS = 1_000;

export class DecideReportDto {
  /** Resolved: something was done about it. Dismissed: there was nothing to do. */
  @IsIn(DECISIONS)
  @ApiProperty({ enum: DECISIONS, example: 'resolved' })
  status: (typeof DECISIONS)[number];

  /**
   * For administrators and the audit log; null removes it, left out it stays.
   * @example 'The message was deleted.'
   */
  @IsOptional()
  @IsText({ max: NOTE_MAX_CHARS, trim: true })
  note?: string | null;
}

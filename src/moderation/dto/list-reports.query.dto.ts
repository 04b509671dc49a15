import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import type { ReportStatus } from '../../protocol/moderation';
import { ModerationPageQuery } from './moderation-page.query.dto';

const STATUSES: readonly ReportStatus[] = ['open', 'resolved', 'dismissed'];

export class ListReportsQuery extends ModerationPageQuery {
  /** Only reports of this status. */
  @IfPresent()
  @IsIn(STATUSES)
  @ApiProperty({ enum: STATUSES, required: false })
  status?: ReportStatus;
}

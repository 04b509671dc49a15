import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { INT4_MAX } from '../../common/canonical-integer';
import { IfPresent } from '../../common/validation/if-present';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { AUDIT_ACTIONS, type AuditAction } from '../../protocol/audit-actions';
import { ModerationPageQuery } from './moderation-page.query.dto';

export class ListAuditQuery extends ModerationPageQuery {
  /** Only acts of this kind. */
  @IfPresent()
  @IsIn(AUDIT_ACTIONS)
  @ApiProperty({ enum: AUDIT_ACTIONS, required: false })
  action?: AuditAction;

  /** Only acts of this user. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: INT4_MAX })
  actor_id?: number;

  /** Only acts in this room. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: INT4_MAX })
  room_id?: number;
}

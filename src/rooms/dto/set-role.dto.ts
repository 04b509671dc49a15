import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { MemberRole } from '../../protocol/models';

const ROLES: readonly MemberRole[] = ['owner', 'moderator', 'member'];

export class SetRoleDto {
  /** Owners do everything; moderators change the room, bring plain members in and put them out. */
  @IsIn(ROLES)
  @ApiProperty({ enum: ROLES, example: 'member' })
  role: MemberRole;
}

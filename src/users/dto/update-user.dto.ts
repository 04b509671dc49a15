import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import type { UserRole } from '../../protocol/models';

const ROLES: readonly UserRole[] = ['user', 'admin'];

/** What is left out stays as it is. */
export class UpdateUserDto {
  /** @example 'admin' */
  @IfPresent()
  @IsIn(ROLES)
  @ApiProperty({ enum: ROLES })
  role?: UserRole;

  /**
   * False ends all sessions of the user, who cannot log in until it is true again.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  is_active?: boolean;
}

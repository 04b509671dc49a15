import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import { IsText } from '../../common/validation/is-text';
import type { UserRole } from '../../protocol/models';

const ROLES: readonly UserRole[] = ['user', 'admin'];

const REASON_MAX_CHARS = 1_000;

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

  /**
   * Why, for the audit log.
   * @example 'Sends advertisements'
   */
  @IsOptional()
  @IsText({ max: REASON_MAX_CHARS, trim: true })
  reason?: string | null;
}

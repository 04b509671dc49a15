import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import { IsText } from '../../common/validation/is-text';
import { SLOW_MODE_MOST_SECONDS } from '../../protocol/limits';
import { CHOOSABLE_VISIBILITIES, ROOM_DESCRIPTION_MAX_CHARS, ROOM_NAME_MAX_CHARS } from './create-room.dto';

/** What is left out stays as it is. */
export class UpdateRoomDto {
  /** @example 'Engineering' */
  @IfPresent()
  @IsText({ min: 1, max: ROOM_NAME_MAX_CHARS, trim: true })
  name?: string;

  /**
   * Null removes it.
   * @example 'What we build, and why'
   */
  @IsOptional()
  @IsText({ max: ROOM_DESCRIPTION_MAX_CHARS, trim: true })
  description?: string | null;

  /** Turned private, a room is no longer seen or read by others than its members. */
  @IfPresent()
  @IsIn(CHOOSABLE_VISIBILITIES)
  @ApiProperty({ enum: CHOOSABLE_VISIBILITIES })
  visibility?: (typeof CHOOSABLE_VISIBILITIES)[number];

  /**
   * Seconds that a member waits between two messages; 0 is off.
   * @example 30
   */
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(SLOW_MODE_MOST_SECONDS)
  slow_mode_seconds?: number;
}

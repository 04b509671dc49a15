import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import { IsText } from '../../common/validation/is-text';

export const ROOM_NAME_MAX_CHARS = 100;
export const ROOM_DESCRIPTION_MAX_CHARS = 500;
/** What a room can be made, or turned into; direct rooms come about in another way. */
export const CHOOSABLE_VISIBILITIES = ['public', 'private'] as const;

export class CreateRoomDto {
  /**
   * Unique among public rooms whatever the case; white space at both ends is dropped.
   * @example 'Engineering'
   */
  @IsText({ min: 1, max: ROOM_NAME_MAX_CHARS, trim: true })
  name: string;

  /** @example 'What we build, and why' */
  @IsOptional()
  @IsText({ max: ROOM_DESCRIPTION_MAX_CHARS, trim: true })
  description?: string | null;

  /** Public rooms are open to everyone; private ones are not even seen by others than their members. */
  @IfPresent()
  @IsIn(CHOOSABLE_VISIBILITIES)
  @ApiProperty({ enum: CHOOSABLE_VISIBILITIES, default: 'public' })
  visibility?: (typeof CHOOSABLE_VISIBILITIES)[number];
}

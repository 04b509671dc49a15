import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import { IsText } from '../../common/validation/is-text';
import { PageQuery } from './page.query.dto';
import { ROOM_NAME_MAX_CHARS } from './create-room.dto';

export class ListRoomsQuery extends PageQuery {
  /**
   * Part of the name, whatever the case.
   * @example 'eng'
   */
  @IsOptional()
  @IsText({ max: ROOM_NAME_MAX_CHARS, trim: true })
  search?: string;

  /** Only rooms that the caller is a member of. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'must be true or false' })
  @ApiProperty({ type: Boolean, default: false })
  joined?: boolean;
}

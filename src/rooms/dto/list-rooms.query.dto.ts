import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import { ChatError } from '../../common/chat-error';
import { IsText } from '../../common/validation/is-text';
import { IsCanonicalInteger } from '../../common/validation/is-canonical-integer';
import { CursorQuery, PAGE_DEFAULT, PAGE_MAX } from './page.query.dto';
import { ROOM_NAME_MAX_CHARS } from './create-room.dto';

/** So many rooms come in one answer if they are the caller's own: as a rule all of them. */
const JOINED_PAGE_MAX = 1000;

export class ListRoomsQuery extends CursorQuery {
  /** How many at most: up to 100, or 50 where nothing is said; with `joined`, up to 1000, which then is the default. */
  @IsOptional()
  @IsCanonicalInteger({ min: 1, max: JOINED_PAGE_MAX })
  limit?: number;

  /** Part of the name, whatever the case: `eng` finds `Engineering`. */
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

/** How many rooms a page has. Throws `validation_failed` for more than a page may have. */
export function roomPageSize({ limit, joined }: ListRoomsQuery): number {
  const max = joined ? JOINED_PAGE_MAX : PAGE_MAX;
  const size = limit ?? (joined ? JOINED_PAGE_MAX : PAGE_DEFAULT);
  if (size > max) throw ChatError.invalid('limit', `must be an integer from 1 to ${max}`);
  return size;
}

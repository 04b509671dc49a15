import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy } from 'class-validator';
import { INT4_MAX } from '../../common/canonical-integer';
import { IsId } from '../../common/validation/is-id';
import { IsInteger } from '../../common/validation/is-integer';
import { IsText, isText } from '../../common/validation/is-text';
import { REQUEST_ID_MAX_CHARS } from '../../protocol/limits';
import type { RequestId } from '../../protocol/frames';
import { EditMessageDto, SendMessageDto } from './message.dto';

/** Longer than any emoji sequence. */
const EMOJI_MAX_CHARS = 32;

/** Whether a value can be echoed as the `request_id` of an answer. */
export function isRequestId(value: unknown): value is RequestId {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return isText(value, { max: REQUEST_ID_MAX_CHARS });
}

/** An id to be echoed; null is none. */
function IsRequestId(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => value ?? undefined),
    IsOptional(),
    ValidateBy({
      name: 'isRequestId',
      validator: {
        validate: isRequestId,
        defaultMessage: () => `must be an integer or a string of up to ${REQUEST_ID_MAX_CHARS} characters`,
      },
    }),
  );
}

/** What any frame may carry. */
export class FrameDto {
  @IsRequestId()
  request_id?: RequestId;
}

/** What a frame about a room may carry; on the single-room socket the room is understood. */
export class RoomFrameDto extends FrameDto {
  @IsOptional()
  @IsId({ max: INT4_MAX })
  room_id?: number;
}

export class MessageFrameDto extends SendMessageDto implements RoomFrameDto {
  @IsRequestId()
  request_id?: RequestId;

  @IsOptional()
  @IsId({ max: INT4_MAX })
  room_id?: number;
}

export class EditMessageFrameDto extends EditMessageDto implements RoomFrameDto {
  @IsRequestId()
  request_id?: RequestId;

  @IsOptional()
  @IsId({ max: INT4_MAX })
  room_id?: number;

  @IsId()
  message_id: number;
}

export class DeleteMessageFrameDto extends RoomFrameDto {
  @IsId()
  message_id: number;
}

export class ReactionFrameDto extends RoomFrameDto {
  @IsId()
  message_id: number;

  @IsText({ min: 1, max: EMOJI_MAX_CHARS })
  emoji: string;
}

export class FetchMessagesFrameDto extends RoomFrameDto {
  @IsOptional()
  @IsId()
  cursor?: number | null;

  @IsOptional()
  @IsInteger({ min: 0 })
  after?: number | null;

  @IsOptional()
  @IsId()
  around?: number | null;

  @IsOptional()
  @IsInteger({ min: 1 })
  limit?: number | null;
}

export class JoinFrameDto extends RoomFrameDto {
  @IsOptional()
  @IsInteger({ min: 0 })
  after_seq?: number | null;

  @IsOptional()
  @IsText({ max: REQUEST_ID_MAX_CHARS })
  epoch?: string | null;
}

export class AuthenticateFrameDto extends RoomFrameDto {
  @IsText({ min: 1, max: 8192 })
  token: string;
}

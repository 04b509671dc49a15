import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, ValidateIf } from 'class-validator';
import { IsId } from '../../common/validation/is-id';
import { IsText, isText } from '../../common/validation/is-text';
import { CLIENT_MSG_ID_MAX_CHARS } from '../../protocol/limits';

const CLIENT_MSG_ID = { min: 1, max: CLIENT_MSG_ID_MAX_CHARS };

/** Whether a value can name a message. */
export function isClientMsgId(value: unknown): value is string {
  return isText(value, CLIENT_MSG_ID);
}

export class EditMessageDto {
  /**
   * The text; white space at both ends is dropped. 1 to 4000 characters remain, unless the server is set otherwise.
   * @example 'Hello, world!'
   */
  @IsText({ trim: true })
  content: string;
}

export class SendMessageDto extends EditMessageDto {
  /**
   * The sender's name for the message. Sent again, by whatever door and however much later, it is stored once and
   * answered with the stored message.
   * @example '7b5f0b52-0b3c-4a86-9d7a-6a4c0c0a0f1e'
   */
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsText(CLIENT_MSG_ID)
  @ApiProperty({ type: String, required: false, nullable: true })
  client_msg_id?: string | null;

  /**
   * The message that this one answers.
   * @example 12
   */
  @IsOptional()
  @IsId()
  @ApiProperty({ type: 'integer', required: false, nullable: true })
  reply_to_id?: number | null;
}

import { IsId } from '../../common/validation/is-id';
import { RoomFrameDto } from './frames.dto';

export class TypingFrameDto extends RoomFrameDto {}

export class ReadFrameDto extends RoomFrameDto {
  @IsId()
  message_id: number;
}

import { IsId } from '../../common/validation/is-id';

export class MarkReadDto {
  /**
   * The newest message that has been read.
   * @example 42
   */
  @IsId()
  message_id: number;
}

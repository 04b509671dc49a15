import { INT4_MAX } from '../../common/canonical-integer';
import { IsId } from '../../common/validation/is-id';

export class OpenDirectRoomDto {
  /**
   * Whom you want to talk to.
   * @example 2
   */
  @IsId({ max: INT4_MAX })
  user_id: number;
}

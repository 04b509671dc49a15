import { IsText } from '../../common/validation/is-text';

const QUERY_MAX_CHARS = 64;

export class SearchUsersQuery {
  /**
   * How the user name or the display name begins, whatever the case.
   * @example 'ad'
   */
  @IsText({ min: 1, max: QUERY_MAX_CHARS, trim: true })
  q: string;
}

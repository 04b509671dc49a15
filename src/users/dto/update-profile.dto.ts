import { IsOptional, IsUrl } from 'class-validator';
import { IfPresent } from '../../common/validation/if-present';
import { IsText } from '../../common/validation/is-text';
import { IsEmailAddress } from './is-email-address';
import { IsUsername } from './is-username';

const DISPLAY_NAME_MAX_CHARS = 64;
const BIO_MAX_CHARS = 500;
const AVATAR_URL_MAX_CHARS = 2_048;

/** What is left out stays as it is. */
export class UpdateProfileDto {
  /** @example 'ada' */
  @IfPresent()
  @IsUsername()
  username?: string;

  /** @example 'ada@example.org' */
  @IfPresent()
  @IsEmailAddress()
  email?: string;

  /**
   * Null or nothing but space removes it.
   * @example 'Ada Lovelace'
   */
  @IsOptional()
  @IsText({ max: DISPLAY_NAME_MAX_CHARS, trim: true })
  display_name?: string | null;

  /**
   * Null or nothing but space removes it.
   * @example 'Poetical science'
   */
  @IsOptional()
  @IsText({ max: BIO_MAX_CHARS, trim: true })
  bio?: string | null;

  /**
   * Null removes it.
   * @example 'https://example.org/ada.png'
   */
  @IsOptional()
  @IsText({ min: 1, max: AVATAR_URL_MAX_CHARS, trim: true })
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: 'must be a URL that begins with http:// or https://' },
  )
  avatar_url?: string | null;
}

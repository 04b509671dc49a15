import { isStorableText } from '../common/validation/is-text';
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_BYTES } from '../protocol/limits';

/**
 * Whether a text can be a password: 8 to 72 bytes of UTF-8. bcrypt reads no more than 72 and stops at a NUL,
 * and broken surrogate pairs would all be the same to it.
 */
export function isPassword(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes >= PASSWORD_MIN_BYTES && bytes <= PASSWORD_MAX_BYTES && isStorableText(text);
}

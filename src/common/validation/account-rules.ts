import {
  PASSWORD_MAX_BYTES,
  PASSWORD_MIN_BYTES,
  USERNAME_MAX_CHARS,
  USERNAME_MIN_CHARS,
} from '../../protocol/limits';
import { isStorableText } from './is-text';

/** What `USERNAME_PATTERN` asks for, in words. */
export const USERNAME_RULE = `must be ${USERNAME_MIN_CHARS} to ${USERNAME_MAX_CHARS} ASCII letters, digits, "_", "." or "-"`;

/** What `isPassword` asks for, in words. */
export const PASSWORD_RULE = `must be text of ${PASSWORD_MIN_BYTES} to ${PASSWORD_MAX_BYTES} bytes of UTF-8, without NUL`;

/**
 * Whether a text can be a password: 8 to 72 bytes of UTF-8. bcrypt reads no more than 72 and stops at a NUL,
 * and broken surrogate pairs would all be the same to it.
 */
export function isPassword(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes >= PASSWORD_MIN_BYTES && bytes <= PASSWORD_MAX_BYTES && isStorableText(text);
}

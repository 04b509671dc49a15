import { isSecretKey } from './secret-keys';
import { describeError } from './describe-error';

const DEPTH_MAX = 5;
const ITEMS_MAX = 50;
const STRING_MAX = 2000;

/**
 * What of a value may be logged: secrets and content by their key are left out, errors told without the values
 * they carry, and nothing is deep or long.
 */
function sanitize(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > STRING_MAX ? `${value.slice(0, STRING_MAX)}…` : value;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => sanitize(item, depth + 1));
  return sanitizeFields(value, depth + 1);
}

/** The same for the fields of one event. */
export function sanitizeFields(fields: object, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields).slice(0, ITEMS_MAX)) {
    clean[key] = isSecretKey(key) ? '[redacted]' : sanitize(value, depth);
  }
  return clean;
}

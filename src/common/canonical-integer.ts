/** The largest value of PostgreSQL's `integer`, the type of user and room ids. */
export const INT4_MAX = 2_147_483_647;

export interface IntegerRange {
  /** Inclusive. */
  min: number;
  /** Inclusive. */
  max: number;
}

const CANONICAL = /^(0|-?[1-9][0-9]*)$/;

/**
 * Reads an integer written the one canonical way: decimal digits, no sign but a needed minus, no
 * leading zero, no space, no exponent. Anything else, or a value outside the range, gives null:
 * `Number` would take `' 5 '`, `'0x10'` and `'1e3'`.
 */
export function parseCanonicalInteger(text: string, { min, max }: IntegerRange): number | null {
  if (!CANONICAL.test(text)) return null;

  const value = Number(text);
  return Number.isSafeInteger(value) && value >= min && value <= max ? value : null;
}

import type { SettingValues } from './setting-values';

const SECRET_MIN_BYTES = 32;
/** A random secret of 32 bytes has more in any notation; `aaaa…` and `12341234…` have not. */
const SECRET_MIN_DISTINCT_CHARS = 8;
const EXAMPLE_SECRET = /(replace|change)[-_ ]?(this|me)|example|your[-_ ]|secret[-_ ]?key|password/i;

/** What development may do and production may not. */
export function productionProblems(values: SettingValues): string[] {
  if (values.NODE_ENV !== 'production') return [];
  const problems = secretProblems(values.JWT_SECRET);
  if (!values.RATE_LIMITS) problems.push('RATE_LIMITS: must be on in production');
  return problems;
}

function secretProblems(secret: string | undefined): string[] {
  if (secret === undefined) return ['JWT_SECRET: is required in production'];
  if (Buffer.byteLength(secret) < SECRET_MIN_BYTES) {
    return [`JWT_SECRET: must have at least ${SECRET_MIN_BYTES} bytes in production`];
  }
  if (EXAMPLE_SECRET.test(secret) || new Set(secret).size < SECRET_MIN_DISTINCT_CHARS) {
    return ['JWT_SECRET: must be random in production, not an example'];
  }
  return [];
}

/**
 * Whether objects and arrays lie within each other more than `depth` levels deep. Recurses no deeper than that, and stops
 * at the first; on flat input, which nearly all is, it costs one look at each value.
 */
export function isNestedDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth < 0) return true;
  const children = value as Record<string, unknown>;
  return Object.keys(children).some((key) => isNestedDeeperThan(children[key], depth - 1));
}

/**
 * Whether there are more than `max` values in an object or array and all that lie within it. Stops at the first too many,
 * so it goes no deeper than that either.
 */
export function hasMoreValuesThan(value: unknown, max: number): boolean {
  return valuesIn(value, max) > max;
}

/** How many there are; at least one more than `max` where there are more. */
function valuesIn(value: unknown, max: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = children.length;
  for (const child of children) {
    if (count > max) break;
    count += valuesIn(child, max - count);
  }
  return count;
}

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

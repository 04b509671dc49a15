/** Whether objects and arrays lie within each other more than `depth` levels deep. Costs no stack; stops at the first. */
export function isNestedDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let reached = 0; reached <= depth; reached++) {
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const child of Object.values(item))
        if (typeof child === 'object' && child !== null) below.push(child);
    }
    if (below.length === 0) return false;
    level = below;
  }
  return true;
}

/** What the server serves without a row in the matrix, and rows about what it does not serve. */
export interface Gaps {
  withoutRow: string[];
  notServed: string[];
}

/** Compares what there is with what has rows; several rows about one thing are fine. */
export function gaps(served: Iterable<string>, rows: Iterable<string>): Gaps {
  const [servedNames, rowNames] = [new Set(served), new Set(rows)];
  return {
    withoutRow: [...servedNames].filter((name) => !rowNames.has(name)),
    notServed: [...rowNames].filter((name) => !servedNames.has(name)),
  };
}

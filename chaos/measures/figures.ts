export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function inMs(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}

export function share(part: number): string {
  return `${(part * 100).toFixed(part === 1 ? 0 : 3)} %`;
}

/** The value below which that share of the values lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

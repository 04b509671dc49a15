const PATIENCE_MS = 10_000;

/** Resolves as soon as `isSo` holds; fails, naming what was waited for, if it never does. */
export async function eventually(isSo: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`In vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

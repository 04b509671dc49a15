/** Lets everything that is ready run: promises, and what they set off, until only timers and the outside are left. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

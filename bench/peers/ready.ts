/** Tells the parent process where the peer listens. */
export function ready(port: number): void {
  process.stdout.write(`${JSON.stringify({ msg: 'Listening', port })}\n`);
}

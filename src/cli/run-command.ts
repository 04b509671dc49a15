import { explainFailure } from '../explain-failure';

/** Runs a command and ends the process: with 0, or with 1 and the message of what went wrong on standard error. */
export function runCommand(command: () => Promise<void>): void {
  command().then(
    () => process.exit(0),
    (error: unknown) => {
      const message = explainFailure(error) ?? (error instanceof Error ? error.message : String(error));
      process.stderr.write(`${message}\n`);
      process.exit(1);
    },
  );
}

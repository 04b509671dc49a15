import { type DestinationStream, pino } from 'pino';

/** A line is written so much later than it was logged, at most. */
const GATHER_MS = 50;
/** So many bytes do not wait. */
const GATHER_BYTES = 8 * 1024;

let shared: DestinationStream | null = null;

/**
 * Standard output, for all loggers of the process. What is logged within a moment leaves in one write, which a busy node
 * has less work with than with one for each request; whoever reads slowly does not hold the process up. At the end of the
 * process, by itself or by `process.exit`, pino writes what is left; who kills it loses the last moment.
 */
export function standardOutput(): DestinationStream {
  return (shared ??= gathered());
}

function gathered(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, minLength: GATHER_BYTES });
  let isDue = false;
  const flush = () => {
    isDue = false;
    output.flush();
  };
  return {
    write(line: string): void {
      output.write(line);
      if (isDue) return;
      isDue = true;
      setTimeout(flush, GATHER_MS).unref();
    },
  };
}

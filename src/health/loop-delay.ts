import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** Between two looks at whether the event loop is late. The process wakes up for each, also when it has nothing else to do. */
const LOOK_MS = 100;
/** Longer than any process runs. */
export const NEVER_MS = 2 ** 31 - 1;

interface Figure {
  name: string;
  help: string;
  /** Milliseconds, of looks that there have been. */
  read: (looks: IntervalHistogram) => number;
}

const FIGURES: readonly Figure[] = [
  { name: 'min', help: 'The shortest delay of the event loop.', read: ({ min }) => late(min) },
  { name: 'max', help: 'The longest delay of the event loop.', read: ({ max }) => late(max) },
  { name: 'mean', help: 'The mean of the delays of the event loop.', read: ({ mean }) => late(mean) },
  { name: 'stddev', help: 'The standard deviation of the delays.', read: ({ stddev }) => stddev / 1e6 },
  ...[50, 90, 99].map((percent) => ({
    name: `p${percent}`,
    help: `The ${percent}th percentile of the delays of the event loop.`,
    read: (looks: IntervalHistogram) => late(looks.percentile(percent)),
  })),
];

/** What a look was late, of the nanoseconds since the one before. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - LOOK_MS);
}

/**
 * Has the registry tell how late the event loop is: how long what comes has to wait for its turn, each time since
 * somebody last asked. These figures take the place of prom-client's, which begin at the pause between two looks, so that
 * they are small only where the process wakes up often; here the pause is taken off, as `@fastify/under-pressure` does it.
 */
export function observeLoopDelay(registry: Registry): void {
  const looks = monitorEventLoopDelay({ resolution: LOOK_MS });
  looks.enable();
  FIGURES.forEach(({ name, help, read }, index) => {
    const metric = `nodejs_eventloop_lag_${name}_seconds`;
    registry.removeSingleMetric(metric);
    new Gauge({
      name: metric,
      help,
      registers: [registry],
      collect() {
        this.set(looks.count === 0 ? 0 : read(looks) / 1000);
        // A scrape calls all `collect`s in the order of registration, without a pause: this is the last.
        if (index === FIGURES.length - 1) looks.reset();
      },
    });
  });
}

import 'reflect-metadata';
import { SeededRandom } from '../test/support/seeded';
import { engageCast } from './cast';
import { ALL_FAULTS } from './faults/all-faults';
import type { Fault } from './faults/fault';
import { readOptions, type RunnerOptions, USAGE } from './options';
import { killsOf, tableOf } from './report';
import { Cluster } from './stage/cluster';
import { type Trial, tryFault } from './trial';

/** What nobody answers within this time is a broken promise. */
const ANSWER_WITHIN_MS = 10_000;
const LOAD = {
  writers: 4,
  readers: 4,
  window: 16,
  pauseMs: 0,
  answerWithinMs: ANSWER_WITHIN_MS,
  patienceMs: 60_000,
};

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    print(USAGE);
    return true;
  }
  const { only, seed } = options;
  const faults = ALL_FAULTS.filter(({ name }) => only === null || name.includes(only));
  if (faults.length === 0) throw new Error(`No fault is called ${only}.`);
  print(`Seed ${seed}. ${process.version}, ${options.nodes} nodes.`);

  const trials = await strikeAll(faults, options);
  print(`\n${tableOf(trials)}\n\n${killsOf(trials)}. Seed ${seed}.`);
  return trials.every(({ violations }) => violations.length === 0);
}

/** Each fault in turn, by chance from the second round on, until time is over. */
async function strikeAll(faults: readonly Fault[], options: RunnerOptions): Promise<Trial[]> {
  const { durationMs, seed, messages, nodes } = options;
  const random = new SeededRandom(seed);
  const cluster = await Cluster.start({ nodes });
  const trials: Trial[] = [];
  const endsAt = performance.now() + (durationMs ?? 0);
  try {
    const cast = await engageCast(cluster.nodes[0]!);
    do {
      for (const fault of shuffled(faults, random)) {
        if (durationMs !== null && performance.now() > endsAt) break;
        const trial = await tryFault(
          fault,
          cluster,
          cast,
          random,
          { ...LOAD, messages },
          `Run ${trials.length + 1}`,
        );
        trials.push(trial);
        print(lineOf(trial));
      }
    } while (performance.now() < endsAt);
  } finally {
    await cluster.stop();
  }
  return trials;
}

function lineOf({ fault, acknowledged, violations, recoveryMs }: Trial): string {
  const line = `${fault.name}: ${acknowledged} acknowledged, recovered in ${(recoveryMs / 1000).toFixed(2)} s`;
  return [
    line,
    ...violations.slice(0, 20).map(({ kind, detail }) => `  ${kind.toUpperCase()} ${detail}`),
  ].join('\n');
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (isKept) => process.exit(isKept ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

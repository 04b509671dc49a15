import 'reflect-metadata';
import { constants, cpus } from 'node:os';
import { SeededRandom } from '../test/support/seeded';
import { engageCast } from './cast';
import { chooseFaults, type Round } from './faults/choice';
import { deploy } from './measures/deploy';
import { flakyClients, PUBLIC_BENCHMARK } from './measures/flaky-clients';
import { storm } from './measures/storm';
import { type MeasureName, readOptions, type RunnerOptions, USAGE, UsageError } from './options';
import { killsOf, tableOf } from './report';
import { hasRedis } from '../test/support/redis-server';
import { type BrokerKind, Cluster, type ClusterOptions } from './stage/cluster';
import { type Trial, tryFault } from './trial';

/** What nobody answers within this time is a broken promise. */
const ANSWER_WITHIN_MS = 10_000;
const MEASURE_PATIENCE_MS = 120_000;
/** Measures have the pace that a server comes with: what makes faults quick would be most of the work for thousands. */
const MEASURE_SETTINGS = {
  HEARTBEAT_SECONDS: '25',
  HEARTBEAT_TIMEOUT_SECONDS: '10',
  STUCK_READER_SECONDS: '30',
};
/** Of a run with many broken promises, the first tell enough. */
const SHOWN_MAX = 20;
/** What a shell adds to the number of a signal. */
const SIGNALLED = 128;
const LOAD = {
  writers: 2,
  readers: 2,
  window: 100,
  pauseMs: 0,
  answerWithinMs: ANSWER_WITHIN_MS,
  patienceMs: 60_000,
};

/** What a signal has to end; it may be just starting. */
let stage: Promise<Cluster> | null = null;
let isInterrupted = false;

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    print(USAGE);
    return true;
  }
  const { seed, measure, nodes } = options;
  const brokers: BrokerKind[] = options.broker
    ? [options.broker]
    : hasRedis
      ? ['postgres', 'redis']
      : ['postgres'];
  if (options.broker === 'redis' && !hasRedis)
    throw new UsageError('--broker redis needs a redis-server on the PATH.');
  const rounds = measure ? [] : chooseFaults(brokers, options);
  if (!hasRedis) print('There is no redis-server on the PATH: the faults of Redis are left out.');
  print(`Seed ${seed}. Node ${process.version}, ${nodes} nodes, ${cpus().length} cores.`);
  if (measure) return measured(measure, options);

  const trials: Trial[] = [];
  const durationMs = options.durationMs && options.durationMs / rounds.length;
  for (const round of rounds) trials.push(...(await strikeAll(round, { ...options, durationMs })));
  print(`\n${tableOf(trials)}\n\n${killsOf(trials)}. Seed ${seed}.`);
  return trials.every(({ violations }) => violations.length === 0);
}

async function measured(name: MeasureName, options: RunnerOptions): Promise<boolean> {
  const { nodes, clients, seed } = options;
  const broker = options.broker ?? 'postgres';
  const cluster = await setUp({ nodes, broker, countsStatements: true, env: MEASURE_SETTINGS });
  try {
    const cast = await engageCast(cluster.nodes[0]!);
    const patienceMs = MEASURE_PATIENCE_MS;
    const given = { cluster, cast, random: new SeededRandom(seed), clients, patienceMs };
    const { violations, figures } =
      name === 'flaky-clients'
        ? await flakyClients(given, PUBLIC_BENCHMARK)
        : await (name === 'storm' ? storm : deploy)(given);
    print(`\n${name}`);
    for (const [what, figure] of Object.entries(figures)) print(`- ${what}: ${figure}`);
    for (const { kind, detail } of violations.slice(0, SHOWN_MAX)) print(`  ${kind.toUpperCase()} ${detail}`);
    print(`- broken promises: ${violations.length}`);
    return violations.length === 0;
  } finally {
    await cluster.stop();
  }
}

/** Each fault in a turn by chance, once, or again and again until time is over. */
async function strikeAll({ broker, faults, leftOut }: Round, options: RunnerOptions): Promise<Trial[]> {
  const { durationMs, seed, messages, nodes } = options;
  print(`\nBROKER=${broker}`);
  for (const fault of leftOut) print(`${fault.name}: left out, it needs ${fault.nodes} nodes`);
  const random = new SeededRandom(seed);
  const cluster = await setUp({ nodes, broker });
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

function setUp(options: ClusterOptions): Promise<Cluster> {
  stage = Cluster.start(options);
  return stage;
}

/** On Ctrl-C nothing stays behind, neither processes nor directories. What still strikes meanwhile fails, unheard. */
function stopOnSignal(signal: NodeJS.Signals): void {
  if (isInterrupted) return;
  isInterrupted = true;
  const end = (): void => process.exit(SIGNALLED + constants.signals[signal]);
  Promise.resolve(stage)
    .then((cluster) => cluster?.stop())
    .then(end, end);
}

function lineOf({ fault, acknowledged, violations, recoveryMs }: Trial): string {
  const line = `${fault.name}: ${acknowledged} acknowledged, recovered in ${(recoveryMs / 1000).toFixed(2)} s`;
  return [
    line,
    ...violations.slice(0, SHOWN_MAX).map(({ kind, detail }) => `  ${kind.toUpperCase()} ${detail}`),
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

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopOnSignal);
// Of what an interruption takes the ground from under.
process.on('unhandledRejection', (reason) => {
  if (!isInterrupted) throw reason;
});

main().then(
  (isKept) => {
    if (!isInterrupted) process.exit(isKept ? 0 : 1);
  },
  (error: unknown) => {
    if (isInterrupted) return;
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${isUsage ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
  },
);

import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Bench } from './bench';
import { choose, type Part } from './choice';
import { START_COMMAND } from './contestants/simple-chat';
import { endProcesses, removeDirectories } from './leftovers';
import { type BenchOptions, isWhole, readOptions, USAGE, UsageError } from './options';
import { ScenarioResults } from './report/results';
import { describeMachine } from './report/machine';
import { renderReport } from './report/report';
import { SCENARIOS } from './scenarios/scenarios';

const ROOT = join(__dirname, '..');
/** What a whole run of a group is written to. */
const DOCUMENTS: Record<string, { title: string; path: string }> = {
  peers: { title: 'Benchmarks', path: 'docs/benchmarks.md' },
  cost: { title: 'What work costs as it grows', path: 'docs/benchmarks-cost.md' },
};
/** What a shell adds to the number of a signal. */
const SIGNALLED = 128;

/** What has to be ended; it may be just starting. */
let opening: Promise<Bench> | null = null;
let isLeaving = false;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const options = readOptions(args);
  if (options === null) return print(USAGE);
  const parts = choose(options);
  if (options.list) {
    for (const { name, group, title } of SCENARIOS) print(`${name} (${group}): ${title}`);
    return;
  }
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-needed'], { stdio: 'inherit' });
  Logger.overrideLogger(false);
  opening = Bench.open(options);
  const bench = await opening;
  const all: ScenarioResults[] = [];
  for (const part of parts) all.push(await runScenario(bench, part, options));
  const report = renderReport(all, {
    title: DOCUMENTS[options.group]?.title ?? options.group,
    machine: describeMachine(bench.postgres.version),
    repeats: options.repeats,
    start: START_COMMAND,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  });
  print(`\n${report}`);
  const document = DOCUMENTS[options.group];
  if (document && isWhole(options)) writeFileSync(join(ROOT, document.path), report);
}

/** Leaves nothing behind, neither processes nor directories, whatever is under way. */
async function clearAway(): Promise<void> {
  await endProcesses();
  // One that could not be opened has been told of.
  const bench = await opening?.catch(() => null);
  await bench?.close();
  removeDirectories();
}

/** The contestants take turns, so that a machine that is slower for a while is so for all. */
async function runScenario(
  bench: Bench,
  { scenario, contestants }: Part,
  { repeats }: BenchOptions,
): Promise<ScenarioResults> {
  const results = new ScenarioResults(scenario);
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const contestant of contestants) {
      process.stderr.write(`${scenario.name} ${repeat}/${repeats}: ${contestant.name}\n`);
      results.add(contestant.name, await scenario.run(bench, contestant));
    }
  }
  return results;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(error: unknown): void {
  if (!isLeaving) {
    process.stderr.write(`${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  }
  leave(1);
}

/** Clears away and ends. What is still measured meanwhile fails, unheard. */
function leave(code: number): void {
  if (isLeaving) return;
  isLeaving = true;
  const end = (): void => process.exit(code);
  clearAway().then(end, end);
}

const leaveOn = (signal: NodeJS.Signals): void => leave(SIGNALLED + constants.signals[signal]);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leaveOn);
process.on('uncaughtException', fail);
main().then(() => leave(0), fail);

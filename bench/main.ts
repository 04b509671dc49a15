import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Bench } from './bench';
import { START_COMMAND } from './contestants/simple-chat';
import { type BenchOptions, readOptions, UsageError } from './options';
import { ScenarioResults } from './report/results';
import { describeMachine } from './report/machine';
import { renderReport } from './report/report';
import type { Scenario } from './scenarios/scenario';
import { SCENARIOS } from './scenarios/scenarios';

const ROOT = join(__dirname, '..');
/** What a whole run of a group is written to. */
const DOCUMENTS: Record<string, { title: string; path: string }> = {
  peers: { title: 'Benchmarks', path: 'docs/benchmarks.md' },
  cost: { title: 'What work costs as it grows', path: 'docs/benchmarks-cost.md' },
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const options = readOptions(args);
  const chosen = SCENARIOS.filter(({ name, group }) =>
    options.only ? options.only.includes(name) : group === options.group,
  );
  if (options.list || chosen.length === 0) {
    for (const { name, group, title } of SCENARIOS) print(`${name} (${group}): ${title}`);
    return;
  }
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-needed'], { stdio: 'inherit' });
  Logger.overrideLogger(false);
  const bench = await Bench.open(options);
  try {
    const all: ScenarioResults[] = [];
    for (const scenario of chosen) all.push(await runScenario(bench, scenario, options));
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
  } finally {
    await bench.close();
  }
}

/** The contestants take turns, so that a machine that is slower for a while is so for all. */
async function runScenario(
  bench: Bench,
  scenario: Scenario,
  options: BenchOptions,
): Promise<ScenarioResults> {
  const results = new ScenarioResults(scenario);
  const contestants = contestantsOf(scenario, options);
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    for (const contestant of contestants) {
      process.stderr.write(`${scenario.name} ${repeat}/${options.repeats}: ${contestant.name}\n`);
      results.add(contestant.name, await scenario.run(bench, contestant));
    }
  }
  return results;
}

function contestantsOf(scenario: Scenario, { quick, contestants: parts }: BenchOptions) {
  const chosen = parts
    ? scenario.contestants.filter(({ name }) => parts.some((part) => name.toLowerCase().includes(part)))
    : (quick && scenario.quickContestants) || scenario.contestants;
  return chosen.filter(({ isAvailable }) => isAvailable?.() ?? true);
}

/** Only then are the figures worth keeping. */
function isWhole({ quick, only, contestants }: BenchOptions): boolean {
  return !quick && only === null && contestants === null;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  },
);

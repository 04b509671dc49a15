import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Interleaved repeats of a run whose figures are to be kept. */
const REPEATS = 3;

export const USAGE = `npm run bench -- [options]
  --quick             about two minutes: shorter, smaller, once, against fewer peers; for a look, not for figures to keep
  --only a,b          these scenarios
  --scenario cost     the group of scenarios that tell what work costs as it grows; the default group is "peers"
  --contestants a,b   only servers whose name contains one of these, e.g. simple,plain
  --repeats n         interleaved repeats of which the median counts (default ${REPEATS}, quick 1)
  --generators n      processes that make the load (default 1)
  --minutes n         how long the scenario "soak" lasts (default 60)
  --statements        have PostgreSQL count its statements and print the dearest of each run
  --cpu-prof dir      write CPU profiles of the product there
  --list              name the scenarios and end
  --help              print this and end`;

export interface BenchOptions {
  quick: boolean;
  only: string[] | null;
  group: string;
  contestants: string[] | null;
  repeats: number;
  generators: number;
  minutes: number;
  statements: boolean;
  cpuProf: string | null;
  list: boolean;
}

/** Tells what is wrong with the command line, and what may stand there. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
  }
}

/**
 * Null if all that is wanted is to know what may stand there.
 *
 * @throws UsageError
 */
export function readOptions(args: string[]): BenchOptions | null {
  const values = parse(args);
  if (values.help) return null;
  return {
    quick: values.quick,
    only: values.only?.split(',') ?? null,
    group: values.scenario,
    contestants: values.contestants?.toLowerCase().split(',') ?? null,
    repeats: count('repeats', values.repeats ?? String(values.quick ? 1 : REPEATS)),
    generators: count('generators', values.generators),
    minutes: count('minutes', values.minutes),
    statements: values.statements,
    cpuProf: values['cpu-prof'] === undefined ? null : resolve(values['cpu-prof']),
    list: values.list,
  };
}

/** Whether this is all of a group, as it is meant to be measured: only then are the figures worth keeping. */
export function isWhole(options: BenchOptions): boolean {
  const { quick, only, contestants, repeats, generators, statements, cpuProf } = options;
  const isAll = !quick && only === null && contestants === null;
  return isAll && repeats === REPEATS && generators === 1 && !statements && cpuProf === null;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        scenario: { type: 'string', default: 'peers' },
        contestants: { type: 'string' },
        repeats: { type: 'string' },
        generators: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '60' },
        statements: { type: 'boolean', default: false },
        'cpu-prof': { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1`);
  return value;
}

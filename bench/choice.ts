import type { Contestant } from './contestants/contestant';
import { type BenchOptions, UsageError } from './options';
import type { Scenario } from './scenarios/scenario';
import { SCENARIOS } from './scenarios/scenarios';

/** A scenario of a run, and who takes part in it. */
export interface Part {
  scenario: Scenario;
  contestants: readonly Contestant[];
}

type Choice = Pick<BenchOptions, 'only' | 'group' | 'contestants' | 'quick'>;

/**
 * What a run consists of.
 *
 * @throws UsageError for a name that nothing has
 */
export function choose({ only, group, contestants, quick }: Choice): Part[] {
  expectKnown('scenario', [group], distinct(SCENARIOS.map((scenario) => scenario.group)));
  const names = SCENARIOS.map(({ name }) => name);
  if (only) expectKnown('only', only, names);
  const scenarios = SCENARIOS.filter((scenario) =>
    only ? only.includes(scenario.name) : scenario.group === group,
  );
  const available = distinct(scenarios.flatMap((scenario) => scenario.contestants)).filter(isAvailable);
  const isCalled = (name: string, part: string): boolean => part !== '' && name.toLowerCase().includes(part);
  if (contestants) {
    expectKnown(
      'contestants',
      contestants,
      available.map(({ name }) => name),
      isCalled,
    );
  }
  const takesPart = ({ name }: Contestant): boolean =>
    contestants?.some((part) => isCalled(name, part)) ?? true;
  return scenarios
    .map((scenario) => {
      const all = (quick && !contestants && scenario.quickContestants) || scenario.contestants;
      return { scenario, contestants: all.filter(isAvailable).filter(takesPart) };
    })
    .filter((part) => part.contestants.length > 0);
}

function expectKnown(
  option: string,
  given: readonly string[],
  known: readonly string[],
  isCalled = (name: string, text: string): boolean => name === text,
): void {
  const unknown = given.find((text) => !known.some((name) => isCalled(name, text)));
  if (unknown !== undefined)
    throw new UsageError(`--${option}: there is no "${unknown}", but there are: ${known.join('; ')}`);
}

function isAvailable(contestant: Contestant): boolean {
  return contestant.isAvailable?.() ?? true;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

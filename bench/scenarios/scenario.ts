import type { Bench } from '../bench';
import type { Contestant } from '../contestants/contestant';

/** A figure that a scenario finds. */
export interface Metric {
  key: string;
  title: string;
  unit: string;
  /** Left out where more is neither: such a figure explains, and is not compared. */
  better?: 'more' | 'less';
}

/** What one run of a scenario with one contestant has found. */
export interface Findings {
  figures: Record<string, number>;
  /** What a reader has to know to trust the figures, or not to. */
  remarks: string[];
}

/** Something that is measured, of each contestant alike. */
export interface Scenario {
  name: string;
  /** Of the groups, a run takes one: `peers` is the comparison, `cost` what work costs as it grows. */
  group: 'peers' | 'cost' | 'soak';
  title: string;
  /** The table in which it is a row: of scenarios that differ in size only, and are not compared with peers. */
  series?: string;
  contestants: readonly Contestant[];
  /** Those of a quick run; all where it is left out. */
  quickContestants?: readonly Contestant[];
  metrics: readonly Metric[];
  run(bench: Bench, contestant: Contestant): Promise<Findings>;
}

import type { SeededRandom } from '../../test/support/seeded';
import type { Violation } from '../judge/violation';
import type { Cast } from '../scene';
import type { Cluster } from '../stage/cluster';

export interface MeasureOptions {
  cluster: Cluster;
  cast: Cast;
  random: SeededRandom;
  clients: number;
  /** What does not come about by then never will. */
  patienceMs: number;
}

/** What came of it: broken promises, and figures for people. */
export interface Measured {
  violations: Violation[];
  /** The share of what was to be delivered that was: 1 is all. */
  delivered: number;
  figures: Record<string, string>;
}

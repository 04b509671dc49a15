import { engageCast } from '../../chaos/cast';
import { ALL_FAULTS } from '../../chaos/faults/all-faults';
import type { Cast } from '../../chaos/scene';
import { Cluster } from '../../chaos/stage/cluster';
import { tryFault } from '../../chaos/trial';
import { itBySeed } from '../support/seeded';

/** Small, on a machine of any pace: the long run of `npm run chaos` has the load, and holds answers to ten seconds. */
const OPTIONS = {
  messages: 60,
  writers: 2,
  readers: 2,
  window: 4,
  pauseMs: 5,
  answerWithinMs: 30_000,
  patienceMs: 60_000,
};

describe('what was acknowledged is there, once, in order, for everybody, after:', () => {
  let cluster: Cluster;
  let cast: Cast;
  let runs = 0;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1 });
    cast = await engageCast(cluster.nodes[0]!);
  }, 120_000);
  afterAll(() => cluster.stop());

  for (const fault of ALL_FAULTS) {
    itBySeed(fault.name, async (random) => {
      const trial = await tryFault(fault, cluster, cast, random, OPTIONS, `Run ${++runs}`);

      expect(trial.violations).toEqual([]);
      expect(trial.acknowledged).toBeGreaterThanOrEqual(OPTIONS.messages);
    });
  }
});

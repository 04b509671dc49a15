import { engageCast } from '../../chaos/cast';
import { faultsOf, faultsWith } from '../../chaos/faults/all-faults';
import type { Fault } from '../../chaos/faults/fault';
import type { Cast } from '../../chaos/scene';
import { type BrokerKind, Cluster } from '../../chaos/stage/cluster';
import { tryFault } from '../../chaos/trial';
import { describeWithRedis } from '../support/redis-server';
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

function strikes(broker: BrokerKind, faults: readonly Fault[]): void {
  let cluster: Cluster;
  let cast: Cast;
  let runs = 0;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2, broker });
    cast = await engageCast(cluster.nodes[0]!);
  }, 120_000);
  afterAll(() => cluster.stop());

  for (const fault of faults) {
    itBySeed(fault.name, async (random) => {
      const trial = await tryFault(fault, cluster, cast, random, OPTIONS, `Run ${++runs}`);

      expect(trial.violations).toEqual([]);
      expect(trial.acknowledged).toBeGreaterThanOrEqual(OPTIONS.messages);
    });
  }
}

describe('what was acknowledged on two nodes is there, once, in order, for everybody, after:', () => {
  strikes('postgres', faultsWith('postgres'));
});

describeWithRedis('what was acknowledged on two nodes with Redis is there, once, in order, after:', () => {
  strikes('redis', faultsOf('redis'));
});

import type { SeededRandom } from '../test/support/seeded';
import type { Fault } from './faults/fault';
import { judge } from './judge/judge';
import type { Violation } from './judge/violation';
import { type Cast, type Kills, Scene, type SceneOptions } from './scene';
import type { Cluster } from './stage/cluster';

/** What one run of one fault came to. */
export interface Trial {
  fault: Fault;
  acknowledged: number;
  violations: Violation[];
  recoveryMs: number;
  kills: Kills;
}

/** Lets a fault strike people who chat, and judges what became of their messages. */
export async function tryFault(
  fault: Fault,
  cluster: Cluster,
  cast: Cast,
  random: SeededRandom,
  options: SceneOptions & { answerWithinMs: number },
  name: string,
): Promise<Trial> {
  const scene = await Scene.open(cluster, cast, random, options, name);
  await fault
    .strike(scene)
    .catch((error: unknown) => scene.expect(false, `the fault itself failed: ${String(error)}`));
  const recoveryMs = await scene.recovery();
  const evidence = await scene.close();
  return {
    fault,
    acknowledged: scene.acknowledged,
    violations: judge(evidence, options.answerWithinMs),
    recoveryMs,
    kills: scene.kills,
  };
}

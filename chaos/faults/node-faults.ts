import { setTimeout as delay } from 'node:timers/promises';
import type { Scene } from '../scene';
import type { ChaosNode } from '../stage/chaos-node';
import type { Fault } from './fault';

/** The statement that stores plain messages, by its name. */
const INSERT = 'log-insert-plain';
const FROZEN_MS = 1500;
/** A second signal counts as one from here on; npm repeats the first. */
const SECOND_SIGNAL_MS = 600;
const HOUR_MS = 3_600_000;

type Trap = (scene: Scene, index: number, kill: () => void) => void;

/** Kills a node at a point of the way of a message, which its connection to the database passes. */
function killedAt(name: string, setTrap: Trap): Fault {
  return {
    name,
    strike: async (scene) => {
      const { node, index } = scene.pickNode();
      await new Promise<unknown>((resolve) => {
        setTrap(scene, index, () => {
          scene.struck();
          resolve(scene.kill(node));
        });
      });
      await node.start();
    },
  };
}

async function stopsInPeace(scene: Scene, node: ChaosNode): Promise<void> {
  const code = await node.end('SIGTERM');
  scene.expect(code === 0, `${node.name} ended with ${code} on SIGTERM`);
}

export const NODE_FAULTS: readonly Fault[] = [
  {
    name: 'node killed',
    strike: async (scene) => {
      const { node } = scene.pickNode();
      scene.struck();
      await scene.kill(node);
      await node.start();
    },
  },
  {
    name: 'all nodes killed',
    strike: async (scene) => {
      scene.struck();
      const { nodes } = scene.cluster;
      await Promise.all(nodes.map((node) => scene.kill(node)));
      await Promise.all(nodes.map((node) => node.start()));
    },
  },
  killedAt('node killed before a commit', ({ cluster }, index, kill) =>
    cluster.proxies[index]!.cutBefore(INSERT, kill),
  ),
  killedAt('node killed after a commit, before its ack', ({ cluster }, index, kill) =>
    cluster.proxies[index]!.cutAnswerTo(INSERT, kill),
  ),
  {
    name: 'SIGTERM, each node in turn',
    strike: async (scene) => {
      for (const node of scene.cluster.nodes) {
        scene.struck();
        await stopsInPeace(scene, node);
        await node.start();
      }
    },
  },
  {
    name: 'SIGTERM while the database stalls',
    strike: async (scene) => {
      const { node, index } = scene.pickNode();
      const proxy = scene.cluster.proxies[index]!;
      proxy.hold();
      const stopped = stopsInPeace(scene, node);
      await delay(SECOND_SIGNAL_MS);
      scene.struck();
      proxy.release();
      await stopped;
      await node.start();
    },
  },
  {
    name: 'SIGTERM twice',
    strike: async (scene) => {
      const { node, index } = scene.pickNode();
      const proxy = scene.cluster.proxies[index]!;
      // What cannot be committed keeps the drain from ending by itself.
      proxy.hold();
      const first = node.end('SIGTERM');
      await delay(SECOND_SIGNAL_MS);
      scene.struck();
      const second = node.end('SIGTERM');
      await Promise.all([first, second]);
      proxy.release();
      await node.start();
    },
  },
  {
    name: 'node stopped and continued',
    strike: async (scene) => {
      const { node } = scene.pickNode();
      node.freeze();
      await delay(FROZEN_MS);
      node.thaw();
      scene.struck();
    },
  },
  {
    name: 'clock jumps of an hour',
    strike: async (scene) => {
      const { node } = scene.pickNode();
      scene.struck();
      for (const jumpMs of [HOUR_MS, -2 * HOUR_MS, HOUR_MS]) {
        node.jump(jumpMs);
        await scene.writes(10);
      }
    },
  },
];

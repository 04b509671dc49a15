import { setTimeout as delay } from 'node:timers/promises';
import type { Scene } from '../scene';
import type { Fault } from './fault';

/** How long announcements wait on one of the nodes. */
const LATE_MS = 300;
const DOWN_MS = 1000;
const FLAPS = 3;
/** Messages that are written while the broker is as the fault wants it. */
const MEANWHILE = 40;
/** How an announcement to a room begins on its way to PostgreSQL. */
const ANNOUNCEMENT = '{"chat_room_';

function redisOf({ cluster }: Scene): NonNullable<Scene['cluster']['redis']> {
  if (!cluster.redis) throw new Error('This fault needs Redis.');
  return cluster.redis;
}

export const BROKER_FAULTS: readonly Fault[] = [
  {
    name: 'node killed after an ack, before the announcement',
    needs: 'postgres',
    nodes: 2,
    strike: async (scene) => {
      const { node, index } = scene.pickNode();
      await new Promise<unknown>((resolve) => {
        scene.cluster.proxies[index]!.cutBefore(ANNOUNCEMENT, () => {
          scene.struck();
          resolve(scene.kill(node));
        });
      });
      await node.start();
    },
  },
  {
    name: 'subscribers cut',
    needs: 'postgres',
    strike: async (scene) => {
      scene.struck();
      for (const proxy of scene.cluster.proxies) proxy.cutListeners();
      await scene.writes(MEANWHILE);
    },
  },
  {
    name: 'subscriber silently dead',
    needs: 'postgres',
    strike: async (scene) => {
      scene.struck();
      scene.cluster.proxies[scene.pickNode().index]!.stallListeners();
      await scene.writes(MEANWHILE);
    },
  },
  {
    name: 'announcements delayed, so that they cross',
    needs: 'postgres',
    nodes: 2,
    strike: async (scene) => {
      const proxy = scene.cluster.proxies[scene.pickNode().index]!;
      proxy.delayAnswers((link) => (proxy.hearsAnnouncements(link) ? LATE_MS : 0));
      await scene.writes(MEANWHILE * 5);
      proxy.delayAnswers(() => 0);
      scene.struck();
    },
  },
  {
    name: 'Redis killed',
    needs: 'redis',
    strike: async (scene) => {
      const redis = redisOf(scene);
      scene.kills.brokers += 1;
      scene.struck();
      await redis.server.kill();
      await scene.writes(MEANWHILE);
      await redis.server.revive();
    },
  },
  {
    name: 'Redis flapping',
    needs: 'redis',
    strike: async (scene) => {
      const redis = redisOf(scene);
      for (let flap = 0; flap < FLAPS; flap++) {
        scene.kills.brokers += 1;
        await redis.server.kill();
        await scene.writes(MEANWHILE);
        await redis.server.revive();
      }
      scene.struck();
    },
  },
  {
    name: 'Redis frozen',
    needs: 'redis',
    strike: async (scene) => {
      const redis = redisOf(scene);
      scene.struck();
      redis.server.freeze();
      await delay(DOWN_MS);
      await scene.writes(MEANWHILE);
      redis.server.thaw();
    },
  },
  {
    name: 'Redis emptied',
    needs: 'redis',
    strike: async (scene) => {
      scene.struck();
      await redisOf(scene).server.command('FLUSHALL');
      await scene.writes(MEANWHILE);
    },
  },
  {
    name: 'Redis subscribers cut',
    needs: 'redis',
    strike: async (scene) => {
      scene.struck();
      await redisOf(scene).server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await scene.writes(MEANWHILE);
    },
  },
  {
    name: 'Redis connections silently dead',
    needs: 'redis',
    strike: async (scene) => {
      scene.struck();
      redisOf(scene).proxies[scene.pickNode().index]!.stallAll();
      await scene.writes(MEANWHILE);
    },
  },
  {
    name: 'Redis announcements delayed, so that they cross',
    needs: 'redis',
    nodes: 2,
    strike: async (scene) => {
      const proxy = redisOf(scene).proxies[scene.pickNode().index]!;
      proxy.delayAnswers(() => LATE_MS);
      await scene.writes(MEANWHILE * 5);
      proxy.delayAnswers(() => 0);
      scene.struck();
    },
  },
];

import { setTimeout as delay } from 'node:timers/promises';
import { BadClients } from '../clients/bad-clients';
import type { Fault } from './fault';

const ROUNDS = 3;
const AWAY_MAX_MS = 200;
const TWINS = 20;

export const CLIENT_FAULTS: readonly Fault[] = [
  {
    name: 'clients cut',
    strike: async (scene) => {
      for (let round = 0; round < ROUNDS; round++) {
        scene.struck();
        for (const client of [...scene.readers, ...scene.writers])
          client.cut(scene.random.below(AWAY_MAX_MS));
        await scene.writes(20);
      }
    },
  },
  {
    name: 'clients that never read, never answer pings, vanish',
    strike: async (scene) => {
      const bad = new BadClients(scene.pickNode().node, scene.cast.members[0]!, scene.rooms[0].id);
      scene.struck();
      const ends = [bad.neverReads(), bad.neverAnswersPings(), bad.vanishes()];
      let ended = 0;
      for (const end of ends) void end.then(() => (ended += 1));
      await scene.until(() => ended === ends.length, 'the node ends the sockets of bad clients');
    },
  },
  {
    name: 'the same message sent to both nodes at once',
    nodes: 2,
    strike: async (scene) => {
      scene.struck();
      for (const [n, { id, writers }] of scene.rooms.entries()) {
        for (let twin = 0; twin < TWINS; twin++) {
          for (const writer of writers) writer.say(`twin-${n}-${id}-${twin}`);
          await delay(scene.random.below(5));
        }
      }
    },
  },
];

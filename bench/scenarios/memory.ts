import { setTimeout as delay } from 'node:timers/promises';
import { simpleChat } from '../contestants/simple-chat';
import { withFleets } from './on-stage';
import { deliveryRemarks } from './remarks';
import type { Scenario } from './scenario';

const SHAPES = [
  { rooms: 1, membersOfRoom: 1000 },
  { rooms: 100, membersOfRoom: 10 },
  { rooms: 1000, membersOfRoom: 1 },
  { rooms: 50, membersOfRoom: 100 },
  { rooms: 5000, membersOfRoom: 1 },
];
const OPEN_AT_ONCE = 100;
const CALM_MS = 3000;

/** Memory by connections and by the rooms that they are in. */
export const memory: Scenario[] = SHAPES.map((shape) => ({
  name: `memory-${shape.rooms}x${shape.membersOfRoom}`,
  group: 'cost',
  title: `${shape.rooms * shape.membersOfRoom} connections in ${shape.rooms === 1 ? 'one room' : `${shape.rooms} rooms`}`,
  series: 'Memory by connections and rooms',
  contestants: [simpleChat],
  metrics: [
    { key: 'emptyMib', title: 'before anyone came', unit: 'MiB', better: 'less' },
    { key: 'fullMib', title: 'with all of them', unit: 'MiB', better: 'less' },
    { key: 'kibEach', title: 'a connection', unit: 'KiB', better: 'less' },
  ],

  async run(bench, contestant) {
    const population = { ...shape, senders: 0 };
    return withFleets(bench, await contestant.start(bench, population), async ({ stage, fleets }) => {
      const { clients, server } = stage;
      const { protocol } = contestant;
      const emptyBytes = (await server.settledUsage())?.residentBytes ?? NaN;
      await fleets.connect({ protocol, port: server.port, clients, senders: 0, openAtOnce: OPEN_AT_ONCE });
      await delay(CALM_MS);
      const fullBytes = (await server.settledUsage())?.residentBytes ?? NaN;
      return {
        figures: {
          emptyMib: emptyBytes / 1024 ** 2,
          fullMib: fullBytes / 1024 ** 2,
          kibEach: (fullBytes - emptyBytes) / 1024 / clients.length,
        },
        remarks: deliveryRemarks(await fleets.settle(0)),
      };
    });
  },
}));

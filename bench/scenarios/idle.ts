import { setTimeout as delay } from 'node:timers/promises';
import { plainWs, socketIo, usualNest } from '../contestants/peers';
import { simpleChat } from '../contestants/simple-chat';
import { Meter } from '../servers/meter';
import { withFleets } from './on-stage';
import { deliveryRemarks } from './remarks';
import type { Scenario } from './scenario';

const MEMBERS_OF_ROOM = 100;
const ROOMS = 100;
const ROOMS_QUICK = 20;
const OPEN_AT_ONCE = 100;
/** Until nobody is told any more who has come. */
const CALM_MS = 5000;
/** Longer than from one ping to the next, so that all are pinged within. Not shortened: without the pings it would tell nothing. */
const IDLE_MS = 30_000;

/** Ten thousand who came and say nothing. */
export const idle: Scenario = {
  name: 'idle',
  group: 'peers',
  title: `${ROOMS * MEMBERS_OF_ROOM} idle connections`,
  contestants: [simpleChat, plainWs, socketIo, usualNest],
  quickContestants: [simpleChat, plainWs],
  metrics: [
    { key: 'kibEach', title: 'memory each', unit: 'KiB', better: 'less' },
    { key: 'cpuPercent', title: 'CPU while idle', unit: '% of a core', better: 'less' },
    { key: 'perSecond', title: 'connecting', unit: '/s', better: 'more' },
    { key: 'connectMicros', title: 'CPU of the server per connection', unit: 'µs', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL per connection', unit: 'µs' },
  ],

  async run(bench, contestant) {
    const { quick } = bench.options;
    const rooms = quick ? ROOMS_QUICK : ROOMS;
    const population = { rooms, membersOfRoom: MEMBERS_OF_ROOM, senders: 0 };
    return withFleets(bench, await contestant.start(bench, population), async ({ stage, fleets }) => {
      const { clients, server } = stage;
      const empty = await server.settledUsage();
      const meter = new Meter(server, bench.postgres);
      const { tookMs } = await fleets.connect({
        protocol: contestant.protocol,
        port: server.port,
        clients,
        senders: 0,
        openAtOnce: OPEN_AT_ONCE,
      });
      await delay(bench.shortened(CALM_MS));
      const connecting = meter.read();
      const full = await server.settledUsage();
      if (!quick) await delay(IDLE_MS);
      const later = quick ? null : server.usage();
      const outcome = await fleets.settle(0);
      return {
        figures: {
          kibEach: full && empty ? (full.residentBytes - empty.residentBytes) / 1024 / clients.length : NaN,
          cpuPercent: later && full ? ((later.cpuSeconds - full.cpuSeconds) / IDLE_MS) * 1e5 : NaN,
          connectMicros: (connecting.server / clients.length) * 1e6,
          databaseMicros: contestant.keeps ? (connecting.database / clients.length) * 1e6 : NaN,
          perSecond: (clients.length / tookMs) * 1000,
        },
        remarks: [
          ...(quick ? [`with ${clients.length} connections only, and not long enough for their CPU`] : []),
          ...deliveryRemarks(outcome),
        ],
      };
    });
  },
};

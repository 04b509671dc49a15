import { setTimeout as delay } from 'node:timers/promises';
import { simpleChat, SimpleChatStage } from '../contestants/simple-chat';
import { Meter } from '../servers/meter';
import { withFleets } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const POPULATION = { rooms: 100, membersOfRoom: 10, senders: 10 };
const IN_FLIGHT = 4;
const OPEN_AT_ONCE = 50;
const WARMUP_MS = 3000;
const MEASURE_MS = 9000;
const SETTLE_MS = 30_000;

/** What a second node on the same database gives: every room has members on both. */
export const nodes: Scenario[] = [1, 2].map((count) => ({
  name: `nodes-${count}`,
  group: 'cost',
  title: count === 1 ? 'one node' : 'two nodes',
  series: `What a second node gives: ${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom}, ${IN_FLIGHT} in flight from each`,
  contestants: [simpleChat],
  metrics: [
    { key: 'perSecond', title: 'messages', unit: '/s', better: 'more' },
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'serverMicros', title: 'CPU of the servers per message', unit: 'µs', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL per message', unit: 'µs', better: 'less' },
    { key: 'generatorCores', title: 'generator', unit: 'cores' },
  ],

  async run(bench, contestant) {
    const stage = await SimpleChatStage.open(bench, POPULATION, { nodes: count });
    return withFleets(bench, stage, async ({ fleets }) => {
      const { servers } = stage;
      const clients = stage.clients.map((client, index) => ({
        ...client,
        port: servers[index % count]!.port,
      }));
      const { protocol } = contestant;
      const { senders } = POPULATION;
      await fleets.connect({ protocol, port: stage.server.port, clients, senders, openAtOnce: OPEN_AT_ONCE });
      await fleets.start({ kind: 'closed', inFlight: IN_FLIGHT });
      await delay(bench.shortened(WARMUP_MS));
      const meters = servers.map((server) => new Meter(server, bench.postgres));
      const measured = await fleets.measure(bench.shortened(MEASURE_MS));
      const used = meters.map((meter) => meter.read());
      await fleets.stop();
      const outcome = await fleets.settle(SETTLE_MS);
      const messages = measured.delivered / POPULATION.membersOfRoom;
      return {
        figures: {
          perSecond: messages / measured.seconds,
          p50: outcome.latencies.quantileMs(0.5),
          p99: outcome.latencies.quantileMs(0.99),
          serverMicros: (used.reduce((sum, { server }) => sum + server, 0) / messages) * 1e6,
          databaseMicros: (used[0]!.database / messages) * 1e6,
          generatorCores: measured.generatorCores,
        },
        remarks: [...deliveryRemarks(outcome), ...loadRemarks(measured)],
      };
    });
  },
}));

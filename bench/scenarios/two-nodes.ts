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
  title: `${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom} over ${count === 1 ? 'one node' : 'two nodes'}, ${IN_FLIGHT} in flight each`,
  contestants: [simpleChat],
  metrics: [
    { key: 'perSecond', title: 'messages', unit: '/s', better: 'more' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL a message', unit: 'µs', better: 'less' },
    { key: 'generatorCores', title: 'generator', unit: 'cores' },
  ],

  async run(bench, contestant) {
    const stage = await SimpleChatStage.open(bench, POPULATION);
    const ports = [stage.server.port];
    while (ports.length < count) ports.push((await stage.addNode()).port);
    return withFleets(bench, stage, async ({ fleets }) => {
      const clients = stage.clients.map((client, index) => ({ ...client, port: ports[index % count] }));
      const { protocol } = contestant;
      const { senders } = POPULATION;
      await fleets.connect({ protocol, port: ports[0]!, clients, senders, openAtOnce: OPEN_AT_ONCE });
      await fleets.start({ kind: 'closed', inFlight: IN_FLIGHT });
      await delay(bench.shortened(WARMUP_MS));
      const meter = new Meter(stage.server, bench.postgres);
      const measured = await fleets.measure(bench.shortened(MEASURE_MS));
      const used = meter.read();
      await fleets.stop();
      const outcome = await fleets.settle(SETTLE_MS);
      const messages = measured.delivered / POPULATION.membersOfRoom;
      return {
        figures: {
          perSecond: messages / measured.seconds,
          p99: outcome.latencies.quantileMs(0.99),
          databaseMicros: (used.database / messages) * 1e6,
          generatorCores: measured.generatorCores,
        },
        remarks: [...deliveryRemarks(outcome), ...loadRemarks(measured)],
      };
    });
  },
}));

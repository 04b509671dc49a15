import { setTimeout as delay } from 'node:timers/promises';
import { plainWs, socketIo, usualNest } from '../contestants/peers';
import { simpleChat } from '../contestants/simple-chat';
import { Fleets } from '../fleets';
import { Meter } from '../servers/meter';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const MEMBERS = 100;
const IN_FLIGHT = 8;
const WARMUP_MS = 3000;
const MEASURE_MS = 9000;
const SETTLE_MS = 15_000;
const CONNECTING_AT_ONCE = 50;

/** One room of 100 in which some talk as fast as they are heard. */
export const busyRooms: Scenario[] = [10, 1].map((senders) => ({
  name: `busy-room-${senders}`,
  group: 'peers',
  title: `One room of ${MEMBERS}, ${senders === 1 ? 'one sender' : `${senders} senders`}, ${IN_FLIGHT} in flight each`,
  contestants: [simpleChat, plainWs, socketIo, usualNest],
  metrics: [
    { key: 'perSecond', title: 'messages a second, each to everyone', unit: '/s', better: 'more' },
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'cpuMicros', title: 'CPU of the server for a message', unit: 'µs', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL for a message', unit: 'µs', better: 'less' },
    { key: 'generatorCores', title: 'generator', unit: 'cores', better: 'less' },
  ],

  async run(bench, contestant) {
    const stage = await contestant.start(bench, { rooms: 1, membersOfRoom: MEMBERS, senders });
    const fleets = new Fleets(bench.options.generators);
    try {
      const { protocol } = contestant;
      const { clients, server } = stage;
      await fleets.connect({ protocol, port: server.port, clients, senders, openAtOnce: CONNECTING_AT_ONCE });
      await fleets.start({ kind: 'closed', inFlight: IN_FLIGHT });
      await delay(bench.shortened(WARMUP_MS));
      const meter = new Meter(stage.server, bench.postgres);
      const measured = await fleets.measure(bench.shortened(MEASURE_MS));
      const used = meter.read();
      await fleets.stop();
      const outcome = await fleets.settle(SETTLE_MS);
      const messages = measured.delivered / MEMBERS;
      return {
        figures: {
          perSecond: messages / measured.seconds,
          p50: outcome.latencies.quantileMs(0.5),
          p99: outcome.latencies.quantileMs(0.99),
          cpuMicros: (used.server / messages) * 1e6,
          databaseMicros: (used.database / messages) * 1e6,
          generatorCores: measured.generatorCores,
        },
        remarks: [...deliveryRemarks(outcome), ...loadRemarks(measured)],
      };
    } finally {
      fleets.end();
      await stage.stop();
    }
  },
}));

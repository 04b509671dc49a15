import { setTimeout as delay } from 'node:timers/promises';
import { bunPublish, plainWs, socketIo, usualNest } from '../contestants/peers';
import { simpleChat } from '../contestants/simple-chat';
import { Meter } from '../servers/meter';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const MEMBERS = 100;
const IN_FLIGHT = 8;
const WARMUP_MS = 3000;
const MEASURE_MS = 9000;
const SETTLE_MS = 15_000;

/** One room of 100 in which some talk as fast as they are heard. */
export const busyRooms: Scenario[] = [10, 1].map((senders) => ({
  name: `busy-room-${senders}`,
  group: 'peers',
  title: `room of ${MEMBERS}, ${senders} sender${senders === 1 ? '' : 's'}, ${IN_FLIGHT} in flight`,
  contestants: [simpleChat, plainWs, bunPublish, socketIo, usualNest],
  ...(senders === 1 && { quickContestants: [simpleChat, plainWs] }),
  metrics: [
    { key: 'perSecond', title: 'messages to everyone', unit: '/s', better: 'more' },
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'cpuMicros', title: 'CPU of the server per message', unit: 'µs', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL per message', unit: 'µs' },
    { key: 'generatorCores', title: 'generator', unit: 'cores' },
  ],

  run: (bench, contestant) =>
    onStage(bench, contestant, { rooms: 1, membersOfRoom: MEMBERS, senders }, async ({ stage, fleets }) => {
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
          databaseMicros: contestant.keeps ? (used.database / messages) * 1e6 : NaN,
          generatorCores: measured.generatorCores,
        },
        remarks: [
          ...deliveryRemarks(outcome),
          ...loadRemarks(measured, { serverCores: used.server / measured.seconds }),
        ],
      };
    }),
}));

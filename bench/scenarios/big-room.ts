import { setTimeout as delay } from 'node:timers/promises';
import { plainWs } from '../contestants/peers';
import { simpleChat } from '../contestants/simple-chat';
import { Meter } from '../servers/meter';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const MEMBERS = 5000;
const PER_SECOND = 8;
const WARMUP_MS = 3000;
const MEASURE_MS = 15_000;
const SETTLE_MS = 10_000;

/** One room of 5000 in which somebody speaks eight times a second. */
export const bigRoom: Scenario = {
  name: 'big-room',
  group: 'peers',
  title: `room of ${MEMBERS}, ${PER_SECOND} messages/s`,
  contestants: [simpleChat, plainWs],
  metrics: [
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'lastP99', title: 'p99 until all have it', unit: 'ms', better: 'less' },
    { key: 'cpuMicros', title: 'CPU of the server per message', unit: 'µs', better: 'less' },
    { key: 'generatorCores', title: 'generator', unit: 'cores' },
  ],

  run: (bench, contestant) =>
    onStage(
      bench,
      contestant,
      { rooms: 1, membersOfRoom: MEMBERS, senders: 1 },
      async ({ stage, fleets }) => {
        await fleets.start({ kind: 'open', perSecond: PER_SECOND });
        await delay(bench.shortened(WARMUP_MS));
        const meter = new Meter(stage.server, bench.postgres);
        const measured = await fleets.measure(bench.shortened(MEASURE_MS), true);
        const used = meter.read();
        await fleets.stop();
        const outcome = await fleets.settle(SETTLE_MS);
        return {
          figures: {
            p50: outcome.latencies.quantileMs(0.5),
            p99: outcome.latencies.quantileMs(0.99),
            lastP99: outcome.lastLatencies.quantileMs(0.99),
            cpuMicros: (used.server / measured.sent) * 1e6,
            generatorCores: measured.generatorCores,
          },
          remarks: [...deliveryRemarks(outcome), ...loadRemarks(measured)],
        };
      },
    ),
};

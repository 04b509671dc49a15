import { setTimeout as delay } from 'node:timers/promises';
import { simpleChat } from '../contestants/simple-chat';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const POPULATION = { rooms: 100, membersOfRoom: 10, senders: 10 };
/** The last ones are past what a server bears that shares two cores with everything else. */
const RATES = [500, 2000, 4000, 8000, 12_000, 16_000, 24_000, 32_000, 48_000];
/** First at a rate that is borne, until the code has been compiled. */
const WARMUP_PER_SECOND = 2000;
const WARMUP_MS = 4000;
const RAMP_MS = 2000;
const MEASURE_MS = 8000;
/** How long it may take to work off what was sent too fast. */
const RECOVER_MS = 60_000;

/** Latency as the rate grows, to collapse and past it: the server has to refuse, not to grow. */
export const overload: Scenario[] = RATES.map((perSecond) => ({
  name: `overload-${perSecond}`,
  group: 'cost',
  title: `${perSecond} messages/s`,
  series: `Latency by the rate, to collapse and past it: ${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom}`,
  contestants: [simpleChat],
  metrics: [
    { key: 'sent', title: 'sent', unit: '/s' },
    { key: 'delivered', title: 'delivered to all', unit: '/s', better: 'more' },
    { key: 'refused', title: 'refused', unit: '%', better: 'less' },
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'startMib', title: 'memory before', unit: 'MiB' },
    { key: 'endMib', title: 'memory at the end', unit: 'MiB', better: 'less' },
  ],

  run: (bench, contestant) =>
    onStage(bench, contestant, POPULATION, async ({ stage, fleets }) => {
      const memoryMib = (): number => (stage.server.usage()?.residentBytes ?? NaN) / 1024 ** 2;
      await fleets.start({ kind: 'open', perSecond: WARMUP_PER_SECOND });
      await delay(bench.shortened(WARMUP_MS));
      await fleets.stop();
      const startMib = memoryMib();
      const before = await fleets.totals();
      await fleets.start({ kind: 'open', perSecond });
      await delay(bench.shortened(RAMP_MS));
      const measured = await fleets.measure(bench.shortened(MEASURE_MS));
      const endMib = memoryMib();
      await fleets.stop();
      const outcome = await fleets.settle(RECOVER_MS);
      const after = await fleets.totals();
      return {
        figures: {
          sent: measured.sent / measured.seconds,
          delivered: measured.delivered / POPULATION.membersOfRoom / measured.seconds,
          // Of all that was sent: what is refused within the window may have been sent before it.
          refused: ((after.refused - before.refused) / (after.sent - before.sent)) * 100,
          p50: outcome.latencies.quantileMs(0.5),
          p99: outcome.latencies.quantileMs(0.99),
          startMib,
          endMib,
        },
        // To be refused is what is asked for here.
        remarks: [
          ...deliveryRemarks(outcome),
          ...loadRemarks({ ...measured, refused: 0 }, { duePerSecond: perSecond }),
        ],
      };
    }),
}));

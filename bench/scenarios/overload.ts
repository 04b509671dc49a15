import { setTimeout as delay } from 'node:timers/promises';
import { simpleChat } from '../contestants/simple-chat';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Metric, Scenario } from './scenario';

const POPULATION = { rooms: 100, membersOfRoom: 10, senders: 10 };
const RATES = [500, 2000, 4000, 8000, 16_000, 32_000];
const WARMUP_MS = 2000;
const MEASURE_MS = 6000;
/** How long it may take to work off what was sent too fast. */
const RECOVER_MS = 60_000;

/** Latency as the rate grows, to collapse and past it: the server has to refuse, not to grow. */
export const overload: Scenario = {
  name: 'overload',
  group: 'cost',
  title: `${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom}`,
  contestants: [simpleChat],
  metrics: RATES.flatMap((rate): Metric[] => [
    { key: `p50 at ${rate}`, title: `p50 at ${rate} messages/s`, unit: 'ms', better: 'less' },
    { key: `p99 at ${rate}`, title: 'p99', unit: 'ms', better: 'less' },
    { key: `refused at ${rate}`, title: 'refused', unit: '%' },
    { key: `memory at ${rate}`, title: 'memory', unit: 'MiB' },
  ]),

  run: (bench, contestant) =>
    onStage(bench, contestant, POPULATION, async ({ stage, fleets }) => {
      const figures: Record<string, number> = {};
      const remarks: string[] = [];
      for (const rate of RATES) {
        await fleets.start({ kind: 'open', perSecond: rate });
        await delay(bench.shortened(WARMUP_MS));
        const measured = await fleets.measure(bench.shortened(MEASURE_MS));
        const memory = stage.server.usage()?.residentBytes ?? NaN;
        await fleets.stop();
        const outcome = await fleets.settle(RECOVER_MS);
        figures[`p50 at ${rate}`] = outcome.latencies.quantileMs(0.5);
        figures[`p99 at ${rate}`] = outcome.latencies.quantileMs(0.99);
        figures[`refused at ${rate}`] = (measured.refused / measured.sent) * 100;
        figures[`memory at ${rate}`] = memory / 1024 ** 2;
        const found = [...deliveryRemarks(outcome), ...loadRemarks({ ...measured, refused: 0 })];
        remarks.push(...found.map((remark) => `at ${rate}/s: ${remark}`));
      }
      return { figures, remarks };
    }),
};

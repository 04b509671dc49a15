import { simpleChat } from '../contestants/simple-chat';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const POPULATION = { rooms: 100, membersOfRoom: 10, senders: 10 };
/** Half of what a node carries with a p99 below 100 ms, on two cores that it shares with everything else. */
const PER_SECOND = 8000;
const MINUTE_MS = 60_000;
/** Caches and the young generation fill first. */
const SETTLING_SHARE = 0.1;
const SETTLE_MS = 10_000;

/** An hour at half load: memory has to stay where it is. */
export const soak: Scenario = {
  name: 'soak',
  group: 'soak',
  title: `${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom}, ${PER_SECOND} messages/s`,
  contestants: [simpleChat],
  metrics: [
    { key: 'startMib', title: 'memory after the first tenth', unit: 'MiB', better: 'less' },
    { key: 'halfMib', title: 'memory after half of the time', unit: 'MiB', better: 'less' },
    { key: 'endMib', title: 'memory at the end', unit: 'MiB', better: 'less' },
    { key: 'growthPercent', title: 'growth', unit: '%', better: 'less' },
    { key: 'p99', title: 'p99 of the last minute', unit: 'ms', better: 'less' },
  ],

  run: (bench, contestant) =>
    onStage(bench, contestant, POPULATION, async ({ stage, fleets }) => {
      const { minutes } = bench.options;
      const settled = Math.max(1, Math.round(minutes * SETTLING_SHARE));
      const remarks = new Set<string>();
      const half = Math.ceil(minutes / 2);
      const residentBytes = async (): Promise<number> =>
        (await stage.server.settledUsage())?.residentBytes ?? NaN;
      let startBytes = NaN;
      let halfBytes = NaN;
      await fleets.start({ kind: 'open', perSecond: PER_SECOND });
      for (let minute = 1; minute <= minutes; minute++) {
        const measured = await fleets.measure(MINUTE_MS);
        for (const remark of loadRemarks(measured)) remarks.add(remark);
        if (minute === settled) startBytes = await residentBytes();
        if (minute === half) halfBytes = await residentBytes();
      }
      const endBytes = await residentBytes();
      await fleets.stop();
      const outcome = await fleets.settle(SETTLE_MS);
      return {
        figures: {
          startMib: startBytes / 1024 ** 2,
          halfMib: halfBytes / 1024 ** 2,
          endMib: endBytes / 1024 ** 2,
          growthPercent: (endBytes / startBytes - 1) * 100,
          p99: outcome.latencies.quantileMs(0.99),
        },
        remarks: [...deliveryRemarks(outcome), ...remarks],
      };
    }),
};

import { setTimeout as delay } from 'node:timers/promises';
import { bunPublish, plainWs, socketIo, usualNest } from '../contestants/peers';
import { simpleChat } from '../contestants/simple-chat';
import type { Bench } from '../bench';
import type { Outcome } from '../fleets';
import type { Measured } from '../load/fleet';
import { Meter } from '../servers/meter';
import { onStage, type Scene } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

const POPULATION = { rooms: 100, membersOfRoom: 10, senders: 10 };
const P99_BELOW_MS = 100;
const FIRST_RATE = 500;
/** More than any server here will see. */
const LAST_RATE = 128_000;
const WARMUP_MS = 1500;
const MEASURE_MS = 4500;
/** What was due must arrive within this time after the window, or the rate was too high. */
const GRACE_MS = 2000;
/** How long a server may take to get over a rate that was too high. */
const RECOVER_MS = 30_000;

interface Step {
  perSecond: number;
  measured: Measured;
  /** What the server used of one core. */
  serverCores: number;
  outcome: Outcome;
}

/** Rates at which messages are due in 100 rooms of 10: up to where a server keeps p99 below 100 ms. */
export const manyRooms: Scenario = {
  name: 'many-rooms',
  group: 'peers',
  title: `${POPULATION.rooms} rooms of ${POPULATION.membersOfRoom}, open rate`,
  contestants: [simpleChat, plainWs, bunPublish, socketIo, usualNest],
  quickContestants: [simpleChat, plainWs],
  metrics: [
    { key: 'perSecond', title: `messages with p99 < ${P99_BELOW_MS} ms`, unit: '/s', better: 'more' },
    { key: 'p50', title: 'p50 there', unit: 'ms' },
    { key: 'p99', title: 'p99 there', unit: 'ms' },
    { key: 'generatorCores', title: 'generator there', unit: 'cores' },
  ],

  run: (bench, contestant) =>
    onStage(bench, contestant, POPULATION, async ({ stage, fleets }) => {
      const times = { warmupMs: bench.shortened(WARMUP_MS), measureMs: bench.shortened(MEASURE_MS) };
      const best = await highestRate((perSecond) => tryRate({ bench, stage, fleets }, perSecond, times), {
        bisections: bench.options.quick ? 1 : 3,
      });
      const last = await fleets.settle(RECOVER_MS);
      return {
        figures: {
          perSecond: best?.perSecond ?? 0,
          p50: best?.outcome.latencies.quantileMs(0.5) ?? NaN,
          p99: best?.outcome.latencies.quantileMs(0.99) ?? NaN,
          generatorCores: best?.measured.generatorCores ?? NaN,
        },
        remarks: [...deliveryRemarks(last), ...(best ? loadRemarks(best.measured, best) : [])],
      };
    }),
};

/** Doubles the rate while it is kept, then halves the distance (of the logarithms) to the one that was not. */
async function highestRate(
  attempt: (perSecond: number) => Promise<Step | null>,
  { bisections }: { bisections: number },
): Promise<Step | null> {
  let best: Step | null = null;
  let tooHigh = FIRST_RATE;
  for (; tooHigh <= LAST_RATE; tooHigh *= 2) {
    const step = await attempt(tooHigh);
    if (!step) break;
    best = step;
  }
  for (let n = 0; n < bisections && best; n++) {
    const middle = Math.round(Math.sqrt(best.perSecond * tooHigh));
    const step = await attempt(middle);
    if (step) best = step;
    else tooHigh = middle;
  }
  return best;
}

/** Null if the rate is too high. */
async function tryRate(
  { bench, stage, fleets }: Scene & { bench: Bench },
  perSecond: number,
  { warmupMs, measureMs }: { warmupMs: number; measureMs: number },
): Promise<Step | null> {
  await fleets.start({ kind: 'open', perSecond });
  await delay(warmupMs);
  const meter = new Meter(stage.server, bench.postgres);
  const measured = await fleets.measure(measureMs);
  const serverCores = meter.read().server / measured.seconds;
  await fleets.stop();
  const outcome = await fleets.settle(GRACE_MS);
  const isKept =
    outcome.faults.lost === 0 && measured.refused === 0 && outcome.latencies.quantileMs(0.99) < P99_BELOW_MS;
  if (isKept) return { perSecond, measured, serverCores, outcome };
  await fleets.settle(RECOVER_MS);
  return null;
}

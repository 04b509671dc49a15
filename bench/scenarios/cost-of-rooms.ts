import { setTimeout as delay } from 'node:timers/promises';
import { simpleChat } from '../contestants/simple-chat';
import { Meter } from '../servers/meter';
import { onStage } from './on-stage';
import { deliveryRemarks, loadRemarks } from './remarks';
import type { Scenario } from './scenario';

/** Members of a room, and messages a second that leave a server room to breathe. */
const SIZES = [
  { members: 10, perSecond: 1000 },
  { members: 100, perSecond: 500 },
  { members: 1000, perSecond: 50 },
  { members: 5000, perSecond: 8 },
];
const SENDERS = 10;
const WARMUP_MS = 3000;
const MEASURE_MS = 9000;
const SETTLE_MS = 10_000;

/** What a message costs by the number of those who get it, at a rate that leaves the server time. */
export const costOfRooms: Scenario[] = SIZES.map(({ members, perSecond }) => ({
  name: `cost-room-${members}`,
  group: 'cost',
  title: `room of ${members}, ${perSecond} messages/s`,
  series: 'CPU of a message by the size of its room',
  contestants: [simpleChat],
  metrics: [
    { key: 'serverMicros', title: 'CPU of the server per message', unit: 'µs', better: 'less' },
    { key: 'recipientMicros', title: 'the same per recipient', unit: 'µs', better: 'less' },
    { key: 'databaseMicros', title: 'CPU of PostgreSQL per message', unit: 'µs', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
  ],

  run: (bench, contestant) =>
    onStage(
      bench,
      contestant,
      { rooms: 1, membersOfRoom: members, senders: SENDERS },
      async ({ stage, fleets }) => {
        await fleets.start({ kind: 'open', perSecond });
        await delay(bench.shortened(WARMUP_MS));
        const meter = new Meter(stage.server, bench.postgres);
        const measured = await fleets.measure(bench.shortened(MEASURE_MS));
        const used = meter.read();
        await fleets.stop();
        const outcome = await fleets.settle(SETTLE_MS);
        return {
          figures: {
            serverMicros: (used.server / measured.sent) * 1e6,
            recipientMicros: (used.server / measured.delivered) * 1e6,
            databaseMicros: (used.database / measured.sent) * 1e6,
            p99: outcome.latencies.quantileMs(0.99),
          },
          remarks: [...deliveryRemarks(outcome), ...loadRemarks(measured)],
        };
      },
    ),
}));

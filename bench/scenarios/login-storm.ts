import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hash } from 'bcryptjs';
import { simpleChat, SimpleChatStage } from '../contestants/simple-chat';
import { givePasswords } from '../contestants/simple-chat.data';
import type { Outcome } from '../fleets';
import type { HttpLoad } from '../load/http-load';
import { startRemote } from '../remote';
import { eventLoopP99Ms } from '../servers/metrics';
import { withFleets } from './on-stage';
import { deliveryRemarks } from './remarks';
import type { Scenario } from './scenario';

const POPULATION = { rooms: 10, membersOfRoom: 10, senders: 10 };
const PER_SECOND = 200;
const WARMUP_MS = 3000;
const MEASURE_MS = 9000;
const SETTLE_MS = 10_000;
const LOGINS_AT_ONCE = 50;
const PASSWORD = 'correct horse battery';
/** The product's own cost. */
const BCRYPT_COST = 10;
const GENERATOR = join(__dirname, '../load/http-generator.ts');

/** A chat goes on while fifty log in at a time. */
export const loginStorm: Scenario = {
  name: 'login-storm',
  group: 'peers',
  title: `${LOGINS_AT_ONCE} log in at a time, ${PER_SECOND} messages/s`,
  contestants: [simpleChat],
  metrics: [
    { key: 'quietP99', title: 'p99 of the chat before', unit: 'ms', better: 'less' },
    { key: 'stormP99', title: 'p99 of the chat meanwhile', unit: 'ms', better: 'less' },
    { key: 'loopP99', title: 'p99 of the event loop’s delay', unit: 'ms', better: 'less' },
    { key: 'logins', title: 'logins', unit: '/s', better: 'more' },
  ],

  async run(bench) {
    const passwordHash = await hash(PASSWORD, BCRYPT_COST);
    const people = POPULATION.rooms * POPULATION.membersOfRoom;
    const stage = await SimpleChatStage.open(bench, POPULATION, {
      prepare: (databaseUrl) => givePasswords(databaseUrl, people, passwordHash),
    });
    const logins = startRemote<HttpLoad>(GENERATOR);
    try {
      return await withFleets(bench, stage, async ({ fleets }) => {
        const { clients, server } = stage;
        const { port } = server;
        const { senders } = POPULATION;
        await fleets.connect({ protocol: 'simple-chat', port, clients, senders, openAtOnce: senders });
        const measureMs = bench.shortened(MEASURE_MS);
        await fleets.start({ kind: 'open', perSecond: PER_SECOND });
        await delay(bench.shortened(WARMUP_MS));
        await fleets.measure(measureMs);
        const quiet = await fleets.settle(0);

        const storm = logins.remote.run({
          port,
          clients: LOGINS_AT_ONCE,
          ms: measureMs + 2 * bench.shortened(WARMUP_MS),
          requests: Array.from({ length: people }, (_, index) => ({
            method: 'POST',
            path: '/api/v1/auth/login',
            body: { username: `user${String(index + 1).padStart(6, '0')}`, password: PASSWORD },
          })),
        });
        const chat = async (): Promise<{ loopP99: number; outcome: Outcome }> => {
          await delay(bench.shortened(WARMUP_MS));
          // Reading it begins it anew.
          await eventLoopP99Ms(port);
          await fleets.measure(measureMs);
          const loopP99 = await eventLoopP99Ms(port);
          await fleets.stop();
          return { loopP99, outcome: await fleets.settle(SETTLE_MS) };
        };
        const [{ perSecond, statuses }, { loopP99, outcome }] = await Promise.all([storm, chat()]);
        const failed = Object.entries(statuses).filter(([status]) => status !== '200');
        return {
          figures: {
            quietP99: quiet.latencies.quantileMs(0.99),
            stormP99: outcome.latencies.quantileMs(0.99),
            loopP99,
            logins: perSecond,
          },
          remarks: [
            ...deliveryRemarks(outcome),
            ...failed.map(([status, count]) => `${count} logins answered with ${status}`),
          ],
        };
      });
    } finally {
      logins.end();
    }
  },
};

import { Crowd } from './crowd';
import { inMs, percentile, share } from './figures';
import type { Measured, MeasureOptions } from './measure';

export interface Flakiness {
  messages: number;
  betweenMessagesMs: number;
  /** Each connection lives about so long. */
  betweenCutsMs: number;
  awayMs: number;
}

/** The scenario of a public benchmark of Socket.IO, uWebSockets and AnyCable. */
export const PUBLIC_BENCHMARK: Flakiness = {
  messages: 120,
  betweenMessagesMs: 500,
  betweenCutsMs: 15_000,
  awayMs: 2000,
};

/** Everybody's TCP connection is cut again and again, and they stay away for a while; everything must reach everybody. */
export async function flakyClients(options: MeasureOptions, flakiness: Flakiness): Promise<Measured> {
  const { cluster, random, clients } = options;
  const { messages, betweenMessagesMs, betweenCutsMs, awayMs } = flakiness;
  const crowd = await Crowd.gather(options, {
    homeOf: (reader) => reader % cluster.nodes.length,
    isPatient: false,
    writerHome: 0,
    pauseMs: betweenMessagesMs,
  });
  const firstDials = crowd.readers.map(({ caughtUpAfterMs }) => caughtUpAfterMs.length);
  let cuts = 0;
  const timers = crowd.readers.map((reader) => {
    const cut = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          cuts += 1;
          reader.cut(awayMs);
          timers.push(cut());
        },
        betweenCutsMs * (0.5 + random.next()),
      );
    return cut();
  });
  crowd.writer.start();
  await crowd.until(() => crowd.writer.acknowledged >= messages);
  for (const timer of timers) clearTimeout(timer);
  const { violations, delivered } = await crowd.close();
  const replays = crowd.readers.flatMap(({ caughtUpAfterMs }, n) => caughtUpAfterMs.slice(firstDials[n]));
  return {
    violations,
    delivered,
    figures: {
      clients: String(clients),
      messages: String(crowd.writer.acknowledged),
      'connections cut': String(cuts),
      delivered: share(delivered),
      'replay, p50 and p99': `${inMs(percentile(replays, 0.5))}, ${inMs(percentile(replays, 0.99))}`,
    },
  };
}

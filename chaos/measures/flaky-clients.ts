import { Crowd } from './crowd';
import { inMs, percentile, share } from './figures';
import type { Measured, MeasureOptions } from './measure';

export interface Flakiness {
  messages: number;
  betweenMessagesMs: number;
  /** Each connection lives about so long. */
  betweenCutsMs: number;
  awayMs: number;
  /** All but one in a hundred have what they missed so soon after they dial. */
  replayWithinMs: number;
}

/** The scenario of a public benchmark of Socket.IO, uWebSockets and AnyCable. */
export const PUBLIC_BENCHMARK: Flakiness = {
  messages: 120,
  betweenMessagesMs: 500,
  betweenCutsMs: 15_000,
  awayMs: 2000,
  replayWithinMs: 1000,
};

/** Everybody's TCP connection is cut again and again, and they stay away for a while; everything must reach everybody. */
export async function flakyClients(options: MeasureOptions, flakiness: Flakiness): Promise<Measured> {
  const { cluster, random, clients } = options;
  const { messages, betweenMessagesMs, betweenCutsMs, awayMs, replayWithinMs } = flakiness;
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
  await crowd.until(
    () => crowd.writer.acknowledged >= messages,
    () => `only ${crowd.writer.acknowledged} messages were acknowledged`,
  );
  for (const timer of timers) clearTimeout(timer);
  await crowd.every('is connected', ({ isConnected }) => isConnected);
  const replays = crowd.readers.flatMap(({ caughtUpAfterMs }, n) => caughtUpAfterMs.slice(firstDials[n]));
  const p99 = percentile(replays, 0.99);
  if (p99 > replayWithinMs) crowd.broken.push(`replay took ${inMs(p99)} at p99`);
  const { violations, delivered } = await crowd.close();
  return {
    violations,
    delivered,
    figures: {
      clients: String(clients),
      messages: String(crowd.writer.acknowledged),
      'connections cut': String(cuts),
      delivered: share(delivered),
      'replay, p50 and p99': `${inMs(percentile(replays, 0.5))}, ${inMs(p99)}`,
    },
  };
}

import { Crowd } from './crowd';
import { inSeconds, share } from './figures';
import type { Measured, MeasureOptions } from './measure';

const WRITE_PAUSE_MS = 200;

/** A new version is rolled out: one node after the other gets SIGTERM and is started again while everybody reads. */
export async function deploy(options: MeasureOptions): Promise<Measured> {
  const { nodes } = options.cluster;
  const crowd = await Crowd.gather(options, {
    homeOf: (reader) => reader % nodes.length,
    isPatient: true,
    writerHome: 0,
    pauseMs: WRITE_PAUSE_MS,
  });
  crowd.writer.start();
  await crowd.readsAgain();

  const drains: number[] = [];
  const codes: (number | null)[] = [];
  const startedAt = performance.now();
  for (const node of nodes) {
    const drainedAt = performance.now();
    codes.push(await node.end('SIGTERM'));
    drains.push(performance.now() - drainedAt);
    await node.start();
    await crowd.every('is connected', ({ isConnected }) => isConnected);
  }
  await crowd.readsAgain();
  const tookMs = performance.now() - startedAt;
  const untold = crowd.readers.filter(({ farewells }) => farewells === 0).length;
  if (untold > 0) crowd.broken.push(`${untold} readers were told nothing`);
  for (const code of codes) if (code !== 0) crowd.broken.push(`a node ended with ${code}`);

  const { violations, delivered } = await crowd.close();
  return {
    violations,
    delivered,
    figures: {
      clients: String(options.clients),
      'each node drained within': inSeconds(Math.max(...drains)),
      'all deployed and everybody up to date after': inSeconds(tookMs),
      delivered: share(delivered),
    },
  };
}

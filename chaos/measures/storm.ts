import type { ChaosNode } from '../stage/chaos-node';
import { Crowd } from './crowd';
import { DatabaseWatch } from './database-watch';
import { inMs, inSeconds, share } from './figures';
import type { Measured, MeasureOptions } from './measure';

const WRITE_PAUSE_MS = 200;
/** The event loop of a node that takes in a storm is late by less, but for one look in a hundred. */
const LAG_LIMIT_MS = 200;
/** Connections of a node to PostgreSQL: its pool, and those that the log, the broker and the search have for themselves. */
const CONNECTIONS_MAX = 18;
/** The tail of the room, and what a lost announcement may cost; not one for each who comes. */
const READS_MAX = 50;

/** Everybody reads on one node; it is killed, and all of them dial the other at once. */
export async function storm(options: MeasureOptions): Promise<Measured> {
  const { cluster, clients } = options;
  const [dying, taking] = cluster.nodes;
  if (!dying || !taking) throw new Error('A storm needs two nodes.');
  const crowd = await Crowd.gather(options, {
    homeOf: () => 0,
    isPatient: true,
    writerHome: 1,
    pauseMs: WRITE_PAUSE_MS,
  });
  crowd.writer.start();
  await crowd.readsAgain();

  const openings = new Map(crowd.readers.map((reader) => [reader, reader.openings]));
  const watch = await DatabaseWatch.start(cluster, taking);
  const before = await loopAndRefusals(taking);
  const startedAt = performance.now();
  await dying.end('SIGKILL');
  await crowd.every('comes back', (reader) => reader.isConnected && reader.openings > openings.get(reader)!);
  await crowd.readsAgain();
  const tookMs = performance.now() - startedAt;
  const after = await loopAndRefusals(taking);
  const { connections, reads } = await watch.stop();
  await dying.start();

  if (after.lagMs >= LAG_LIMIT_MS)
    crowd.broken.push(`the event loop was late by ${inMs(after.lagMs)} at p99`);
  if (connections > CONNECTIONS_MAX)
    crowd.broken.push(`the node had ${connections} connections to PostgreSQL`);
  if (reads > READS_MAX) crowd.broken.push(`the messages of one room were read ${reads} times`);
  const { violations, delivered } = await crowd.close();
  return {
    violations,
    delivered,
    figures: {
      clients: String(clients),
      'back and up to date after': inSeconds(tookMs),
      'told to come again (503)': String(after.refusals - before.refusals),
      'event loop delay of the node that took them, p99 and longest': `${inMs(after.lagMs)}, ${inMs(after.longestMs)}`,
      'its connections to PostgreSQL, before and at most': `${watch.before}, ${connections}`,
      'its reads of messages': String(reads),
      delivered: share(delivered),
    },
  };
}

/** Whoever asks begins the figures of the event loop anew. */
async function loopAndRefusals(
  node: ChaosNode,
): Promise<{ lagMs: number; longestMs: number; refusals: number }> {
  const metrics = await node.metrics();
  return {
    lagMs: 1000 * metrics.get('nodejs_eventloop_lag_p99_seconds')!,
    longestMs: 1000 * metrics.get('nodejs_eventloop_lag_max_seconds')!,
    refusals: metrics.get('chat_upgrades_refused_total{code="server_busy"}') ?? 0,
  };
}

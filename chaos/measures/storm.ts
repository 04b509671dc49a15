import { Crowd } from './crowd';
import { inMs, inSeconds, share } from './figures';
import type { Measured, MeasureOptions } from './measure';

const SAMPLE_MS = 100;
const WRITE_PAUSE_MS = 200;
/** The event loop of a node that takes in a storm stays below. */
const LAG = 'nodejs_eventloop_lag_p99_seconds';

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

  const sessions = await SessionCount.start(options);
  // Whoever asks begins the figure anew.
  await taking.metric(LAG);
  const startedAt = performance.now();
  await dying.end('SIGKILL');
  await crowd.until(() => crowd.readers.every(({ isConnected }) => !isConnected));
  await crowd.until(() => crowd.readers.every(({ isConnected }) => isConnected));
  await crowd.readsAgain();
  const tookMs = performance.now() - startedAt;
  const lagSeconds = await taking.metric(LAG);
  const most = await sessions.stop();
  await dying.start();

  const { violations, delivered } = await crowd.close();
  return {
    violations,
    delivered,
    figures: {
      clients: String(clients),
      'back and up to date after': inSeconds(tookMs),
      'event loop delay of the node that took them, p99': inMs(lagSeconds * 1000),
      'connections to PostgreSQL, before and at most': `${sessions.before}, ${most}`,
      delivered: share(delivered),
    },
  };
}

/** Watches how many connections the nodes have to PostgreSQL. */
class SessionCount {
  before = 0;
  private most = 0;
  private timer: NodeJS.Timeout;

  static async start({ cluster }: MeasureOptions): Promise<SessionCount> {
    const count = new SessionCount();
    const session = await cluster.database();
    const look = async (): Promise<number> => {
      const { rows } = await session.query<{ count: number }>(
        `SELECT count(*)::int FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      return rows[0]!.count;
    };
    count.before = await look();
    count.timer = setInterval(() => {
      void look().then((now) => (count.most = Math.max(count.most, now)));
    }, SAMPLE_MS);
    count.stop = async () => {
      clearInterval(count.timer);
      await session.end();
      return count.most;
    };
    return count;
  }

  stop: () => Promise<number>;
}

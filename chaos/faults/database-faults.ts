import { setTimeout as delay } from 'node:timers/promises';
import { Api } from '../clients/api';
import type { Scene } from '../scene';
import type { Fault } from './fault';

const INSERT = 'log-insert-plain';
const FROZEN_MS = 1500;
const FLAPS = 3;
/** More than the pool of a node has connections. */
const REQUESTS = 12;
const DEADLOCK = '40P01';

/** What PostgreSQL answers when it cannot extend a table; a full disk cannot be had without a file system of one's own. */
const FILL_DISK = `
  CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
  CREATE TRIGGER disk_is_full BEFORE INSERT ON messages EXECUTE FUNCTION disk_is_full()`;
const EMPTY_DISK = 'DROP TRIGGER disk_is_full ON messages; DROP FUNCTION disk_is_full()';

function stopped(name: string, how: 'fast' | 'immediate' | 'kill'): Fault {
  return {
    name,
    strike: async (scene) => {
      scene.struck();
      await scene.restartDatabase(how);
    },
  };
}

/** Runs `body` with a session on the database that is none of the nodes'. */
async function withSession(
  { cluster }: Scene,
  body: (query: (text: string, values?: unknown[]) => Promise<{ rowCount: number | null }>) => Promise<void>,
): Promise<void> {
  const session = await cluster.database();
  try {
    await body((text, values) => session.query(text, values));
  } finally {
    await session.end();
  }
}

export const DATABASE_FAULTS: readonly Fault[] = [
  stopped('PostgreSQL stopped fast', 'fast'),
  stopped('PostgreSQL stopped immediately', 'immediate'),
  stopped('PostgreSQL killed', 'kill'),
  {
    name: 'PostgreSQL frozen',
    strike: async (scene) => {
      scene.cluster.postgres.freeze();
      await delay(FROZEN_MS);
      scene.cluster.postgres.thaw();
      scene.struck();
    },
  },
  {
    name: 'PostgreSQL flapping',
    strike: async (scene) => {
      for (let flap = 0; flap < FLAPS; flap++) {
        await scene.restartDatabase(scene.random.pick(['fast', 'immediate', 'kill'] as const));
      }
      scene.struck();
    },
  },
  {
    name: 'connection cut after COMMIT, before its answer',
    strike: async (scene) => {
      await Promise.all(
        scene.cluster.proxies.map((proxy) => new Promise<void>((cut) => proxy.cutAnswerTo(INSERT, cut))),
      );
      scene.struck();
    },
  },
  {
    name: 'backends terminated',
    strike: (scene) =>
      withSession(scene, async (query) => {
        scene.struck();
        await query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      }),
  },
  {
    name: 'pool exhausted',
    strike: (scene) =>
      withSession(scene, async (query) => {
        await query('BEGIN; LOCK TABLE room_invites IN ACCESS EXCLUSIVE MODE');
        const stuck = scene.cluster.nodes.flatMap((node) =>
          Array.from({ length: REQUESTS }, () => new Api(node).invites(scene.cast.owner, scene.rooms[1].id)),
        );
        await scene.writes(20);
        await query('COMMIT');
        scene.struck();
        await Promise.allSettled(stuck);
      }),
  },
  {
    name: 'a room’s row locked',
    strike: (scene) =>
      withSession(scene, async (query) => {
        const [locked, free] = scene.rooms;
        await query('BEGIN');
        await query('SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE', [locked.id]);
        await scene.writes(30, free.writers);
        await query('COMMIT');
        scene.struck();
      }),
  },
  {
    name: 'deadlock',
    strike: (scene) =>
      withSession(scene, async (query) => {
        const lock = 'SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE';
        const [lower, higher] = scene.rooms;
        await query('BEGIN');
        await query(lock, [higher.id]);
        // Who writes to both rooms has the lower one by now, and waits for the other.
        for (let waiting = 0; waiting === 0;) {
          const { rowCount } = await query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
          waiting = rowCount ?? 0;
        }
        scene.struck();
        await query(lock, [lower.id]).catch((error: { code?: string }) => {
          scene.expect(error.code === DEADLOCK, `a lock failed with ${error.code}`);
        });
        await query('ROLLBACK');
      }),
  },
  {
    name: 'disk full',
    strike: (scene) =>
      withSession(scene, async (query) => {
        await query(FILL_DISK);
        const refusedBefore = scene.answered;
        await scene.until(() => scene.answered > refusedBefore + 10, 'answers while the disk is full');
        await query(EMPTY_DISK);
        scene.struck();
      }),
  },
];

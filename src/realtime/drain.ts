import type { Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import type { Connection } from './connection';
import type { ConnectionRegistry } from './connection-registry';
import type { GroupCommit } from './group-commit';

const CLOSE_BATCH = 200;
const CLOSE_PAUSE_MS = 50;
/** Clients spread their return over this long. */
const RECONNECT_SPREAD_MS = 5000;

export interface DrainOptions {
  /** What is not done by then is cut off. */
  timeoutMs: number;
  /** From 0 up to 1; decides when each client comes back. */
  random: () => number;
}

/**
 * Takes the node out of service without losing anything: new sockets and calls are refused, each client is told to come back,
 * what it has sent is committed and acknowledged, then its socket closes with 1012, batch by batch.
 */
export class Drain {
  private draining: Promise<void> | null = null;

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly commits: GroupCommit,
    private readonly clock: Clock,
    private readonly options: DrainOptions,
  ) {}

  /** Whether this node takes no new work: sockets and calls are refused, and it says that it is not ready. For good. */
  get isDraining(): boolean {
    return this.draining !== null;
  }

  /** Resolves when every socket has been told to close and nothing waits for its commit, or when time is up. */
  start(): Promise<void> {
    this.draining ??= Promise.race([this.run(), this.clock.pause(this.options.timeoutMs)]);
    return this.draining;
  }

  private async run(): Promise<void> {
    const connections = this.connections.all();
    const arriving = new Set<Connection>();
    for (const connection of connections) {
      if (connection.isGreeted) this.tell(connection);
      else arriving.add(connection);
    }
    const closing: Promise<void>[] = [];
    for (let at = 0; at < connections.length; at += CLOSE_BATCH) {
      if (at > 0) await this.clock.pause(CLOSE_PAUSE_MS);
      // Each as soon as it can: a client that takes nothing holds up nobody but itself.
      const batch = connections.slice(at, at + CLOSE_BATCH);
      closing.push(...batch.map((connection) => this.close(connection, arriving.has(connection))));
    }
    await Promise.all(closing);
    await this.commits.idle();
  }

  private tell(connection: Connection): void {
    const afterMs = Math.round(this.options.random() * RECONNECT_SPREAD_MS);
    connection.send({ type: 'reconnect', data: { after_ms: afterMs } });
  }

  /** Whoever is arriving has the answer to that first. */
  private async close(connection: Connection, isArriving: boolean): Promise<void> {
    await connection.lane.finish();
    if (isArriving) this.tell(connection);
    connection.close(CloseCode.ServiceRestart, 'restarting');
  }
}

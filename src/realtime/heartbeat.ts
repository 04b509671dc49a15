import type { Cancel, Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import type { Connection } from './connection';
import type { ConnectionRegistry } from './connection-registry';

const SWEEP_MS = 1000;
const TOKEN_WARNING_MS = 60_000;
/** An expired token's socket lives on this long, so that a slow renewal costs nobody a reconnect. */
const TOKEN_GRACE_MS = 25_000;

export interface HeartbeatOptions {
  intervalMs: number;
  timeoutMs: number;
  /** How long a client may take nothing of what waits for it. */
  stuckMs: number;
}

interface Pulse {
  /** Monotonic milliseconds, as all below. */
  nextPingAt: number;
  /** Since when an answer to a ping could have come; null when none is awaited. */
  pingedAt: number | null;
  takenBytes: number;
  tookAt: number;
  warnedExpiry: number;
}

/**
 * Looks at every connection once a second: pings the quiet, ends the dead, the stuck, and those whose token expired.
 *
 * A peer that vanished is found by its silence after a ping. One that has bytes waiting cannot be judged by a pong that
 * stands behind them; it is stuck if it has taken none of them for a while.
 */
export class Heartbeat {
  private readonly pulses = new WeakMap<Connection, Pulse>();
  private cancel: Cancel | null = null;

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly clock: Clock,
    private readonly options: HeartbeatOptions,
  ) {}

  start(): void {
    this.cancel = this.clock.after(SWEEP_MS, () => {
      this.sweep();
      this.start();
    });
  }

  stop(): void {
    this.cancel?.();
  }

  private sweep(): void {
    for (const connection of this.connections.all()) {
      this.checkLife(connection, this.pulseOf(connection));
      this.checkToken(connection, this.pulseOf(connection));
    }
  }

  private checkLife(connection: Connection, pulse: Pulse): void {
    const { socket } = connection;
    const now = this.clock.monotonic();
    if (socket.bufferedBytes === 0 || socket.takenBytes > pulse.takenBytes) {
      pulse.takenBytes = socket.takenBytes;
      pulse.tookAt = now;
    }
    if (now - pulse.tookAt >= this.options.stuckMs) {
      connection.close(CloseCode.TryAgainLater, 'takes nothing');
    } else if (pulse.pingedAt !== null && connection.lastSeenAt >= pulse.pingedAt) {
      pulse.pingedAt = null;
    } else if (pulse.pingedAt !== null) {
      // Unread is not unsaid: while bytes wait there, or reading is paused here, silence proves nothing. The ping, or
      // its answer, may stand behind them, so the time-out begins when that is over.
      if (socket.bufferedBytes > 0 || connection.lane.isBackedUp) pulse.pingedAt = now;
      else if (now - pulse.pingedAt >= this.options.timeoutMs) socket.terminate();
    } else if (now >= pulse.nextPingAt) {
      pulse.nextPingAt = now + this.options.intervalMs;
      pulse.pingedAt = now;
      socket.ping();
    }
  }

  private checkToken(connection: Connection, pulse: Pulse): void {
    const expiresAt = connection.tokenExpiresAt.getTime();
    const leftMs = expiresAt - this.clock.now();
    if (leftMs <= -TOKEN_GRACE_MS) {
      connection.close(CloseCode.Unauthorized, 'token expired');
    } else if (leftMs <= TOKEN_WARNING_MS && pulse.warnedExpiry !== expiresAt) {
      pulse.warnedExpiry = expiresAt;
      connection.send({
        type: 'token_expiring',
        data: { expires_at: connection.tokenExpiresAt.toISOString() },
      });
    }
  }

  private pulseOf(connection: Connection): Pulse {
    let pulse = this.pulses.get(connection);
    if (!pulse) {
      const now = this.clock.monotonic();
      pulse = {
        nextPingAt: now + this.options.intervalMs,
        pingedAt: null,
        takenBytes: connection.socket.takenBytes,
        tookAt: now,
        warnedExpiry: 0,
      };
      this.pulses.set(connection, pulse);
    }
    return pulse;
  }
}

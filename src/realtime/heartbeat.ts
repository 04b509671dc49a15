import type { Cancel, Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import type { Connection } from './connection';
import type { ConnectionRegistry } from './connection-registry';

const SWEEP_MS = 1000;
/** A connection of which nothing is awaited is looked at so often. */
const QUIET_MS = 5000;
const TOKEN_WARNING_MS = 60_000;
/** An expired token's socket lives on this long, so that a slow renewal costs nobody a reconnect. */
const TOKEN_GRACE_MS = 25_000;

export interface HeartbeatOptions {
  intervalMs: number;
  timeoutMs: number;
  /** How long a client may take nothing of what waits for it. */
  stuckMs: number;
}

/** How a connection fares. Whole milliseconds, of which V8 keeps those of 24 days without an object for each. */
export interface Pulse {
  /** By the monotonic clock, as all below. */
  nextPingAt: number;
  /** When the ping that is not answered yet was sent; null when no answer is awaited. */
  pingedAt: number | null;
  /** Bytes received before the ping: any more are a sign of life, be it of a long frame that keeps the pong waiting. */
  receivedBytes: number;
  /** Bytes taken when some were last seen to wait. */
  takenBytes: number;
  /** When some of those that wait were last seen to be taken, or began to wait; null when none wait. */
  tookAt: number | null;
  warnedExpiry: number;
}

/**
 * Looks after every connection: pings the quiet, ends the dead, the stuck, and those whose token expired.
 *
 * It looks once a second at those of which something is awaited, a pong say, and at the others every five seconds or
 * when their next ping is due: otherwise everything would stand still once a second, the longer the more say nothing.
 *
 * A peer that vanished is found by its silence after a ping. One that has bytes waiting cannot be judged by a pong that
 * stands behind them; it is stuck if it has taken none of them for a while.
 */
export class Heartbeat {
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
    const now = Math.floor(this.clock.monotonic());
    const date = this.clock.now();
    for (const connection of this.connections) {
      if (now < connection.quietUntil) continue;
      const pulse = (connection.pulse ??= this.firstPulse(now));
      this.checkLife(connection, pulse, now);
      this.checkToken(connection, pulse, date);
      connection.quietUntil = quietUntil(connection, pulse, { now, date });
    }
  }

  private checkLife(connection: Connection, pulse: Pulse, now: number): void {
    const { socket } = connection;
    if (socket.bufferedBytes === 0) {
      pulse.tookAt = null;
    } else if (pulse.tookAt === null || socket.takenBytes > pulse.takenBytes) {
      pulse.takenBytes = socket.takenBytes;
      pulse.tookAt = now;
    }
    if (pulse.tookAt !== null && now - pulse.tookAt >= this.options.stuckMs) {
      connection.close(CloseCode.TryAgainLater, 'takes nothing');
    } else if (pulse.pingedAt !== null && socket.receivedBytes > pulse.receivedBytes) {
      pulse.pingedAt = null;
    } else if (pulse.pingedAt !== null) {
      // Unread is not unsaid: while bytes wait there, or reading is paused here, silence proves nothing. The ping, or
      // its answer, may stand behind them, so the time-out begins when that is over.
      if (socket.bufferedBytes > 0 || connection.lane.isBackedUp) pulse.pingedAt = now;
      else if (now - pulse.pingedAt >= this.options.timeoutMs) socket.terminate();
    } else if (now >= pulse.nextPingAt) {
      pulse.nextPingAt = now + this.options.intervalMs;
      pulse.pingedAt = now;
      pulse.receivedBytes = socket.receivedBytes;
      socket.ping();
    }
  }

  private checkToken(connection: Connection, pulse: Pulse, date: number): void {
    const expiresAt = connection.tokenExpiresAt;
    const leftMs = expiresAt - date;
    if (leftMs <= -TOKEN_GRACE_MS) {
      connection.close(CloseCode.Unauthorized, 'token expired');
    } else if (leftMs <= TOKEN_WARNING_MS && pulse.warnedExpiry !== expiresAt && connection.isGreeted) {
      pulse.warnedExpiry = expiresAt;
      connection.send({
        type: 'token_expiring',
        data: { expires_at: new Date(expiresAt).toISOString() },
      });
    }
  }

  private firstPulse(now: number): Pulse {
    return {
      nextPingAt: now + this.options.intervalMs,
      pingedAt: null,
      receivedBytes: 0,
      takenBytes: 0,
      tookAt: null,
      warnedExpiry: 0,
    };
  }
}

/** Until when, by the monotonic clock, a connection may go without a look. One that gets stuck until then is told later. */
function quietUntil(
  { socket, isGreeted, tokenExpiresAt }: Connection,
  { pingedAt, nextPingAt, warnedExpiry }: Pulse,
  { now, date }: { now: number; date: number },
): number {
  if (pingedAt !== null || socket.bufferedBytes > 0 || !isGreeted) return now;
  const tokenTurnsAt =
    tokenExpiresAt + (warnedExpiry === tokenExpiresAt ? TOKEN_GRACE_MS : -TOKEN_WARNING_MS);
  return Math.min(now + QUIET_MS, nextPingAt, now + tokenTurnsAt - date);
}

import type { Cancel, Clock } from '../common/clock';
import type { RedisLink } from './redis-link';

const PROBE_INTERVAL_MS = 2000;
/** Probes, not time: a node that was stopped itself must not take Redis for dead when it goes on. */
const UNANSWERED_MAX = 3;

export interface RedisProbeEvents {
  /** Every channel has been heard. Once. */
  proven(): void;
  /** A channel has been silent for three probes in a row: at most eight seconds after its server froze. Once. */
  silent(error: Error): void;
}

/** Sends probes through the subscriptions of one link, and counts those that do not come back. */
export class RedisProbe {
  /** Probes without an answer, by channel. */
  private readonly unanswered = new Map<string, number>();
  private isProven = false;
  private hasEnded = false;
  private cancelTick: Cancel | null = null;

  constructor(
    private readonly link: RedisLink,
    private readonly clock: Clock,
    private readonly events: RedisProbeEvents,
    private readonly intervalMs = PROBE_INTERVAL_MS,
  ) {}

  /** Resolves when the first probes are under way; rejects if their channels cannot be subscribed to. */
  async start(): Promise<void> {
    const channels = this.link.probeChannels();
    await this.link.subscribe(channels);
    for (const channel of channels) this.unanswered.set(channel, 0);
    if (!this.hasEnded) this.tick();
  }

  stop(): void {
    this.hasEnded = true;
    this.cancelTick?.();
  }

  /** Notes a message that came in; whether it was a probe. */
  heard(channel: string): boolean {
    if (!this.unanswered.has(channel)) return false;
    this.unanswered.set(channel, 0);
    // An echo that was on its way when the link ended says nothing of it any more.
    if (!this.hasEnded && !this.isProven && [...this.unanswered.values()].every((count) => count === 0)) {
      this.isProven = true;
      this.events.proven();
    }
    return true;
  }

  private tick(): void {
    this.followServers();
    for (const [channel, count] of this.unanswered) {
      if (count >= UNANSWERED_MAX) return this.giveUp(`Redis is silent: ${count} probes did not come back.`);
      this.unanswered.set(channel, count + 1);
    }
    for (const channel of this.unanswered.keys()) this.link.publish(channel, '').catch(() => undefined);
    this.cancelTick = this.clock.after(this.intervalMs, () => this.tick());
  }

  /** The servers behind the link may be others than a moment ago. */
  private followServers(): void {
    const channels = this.link.probeChannels();
    for (const channel of this.unanswered.keys()) {
      if (channels.includes(channel)) continue;
      this.unanswered.delete(channel);
      this.link.unsubscribe(channel).catch(() => undefined);
    }
    for (const channel of channels) {
      if (this.unanswered.has(channel)) continue;
      this.unanswered.set(channel, 0);
      this.link.subscribe([channel]).catch((error: Error) => this.giveUp(error.message));
    }
  }

  private giveUp(reason: string): void {
    if (this.hasEnded) return;
    this.stop();
    this.events.silent(new Error(reason));
  }
}

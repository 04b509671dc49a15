import type { Cancel, Clock } from '../common/clock';

export interface ProbeOptions {
  /** Time between two probes. */
  everyMs: number;
  /**
   * Probes in a row without an echo after which nothing is believed to come through. Probes, not time: a node that was
   * stopped itself has sent none meanwhile, and finds everything as it was.
   */
  unansweredMax: number;
}

/** A subscription that died without a word is found within eight seconds. */
const DEFAULTS: ProbeOptions = { everyMs: 2000, unansweredMax: 3 };

export interface ProbeEvents {
  /** Publishes something that only this node is subscribed to. Must not throw. */
  send(): void;
  changed(isUp: boolean): void;
  /** Nothing comes back: the subscription may be dead without anybody having been told. */
  deaf(): void;
}

/** Proves, again and again, that what this node publishes comes back to it. */
export class Probe {
  private isProved = false;
  private unanswered = 0;
  private cancelTick: Cancel | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly events: ProbeEvents,
    private readonly options: ProbeOptions = DEFAULTS,
  ) {}

  get isUp(): boolean {
    return this.isProved;
  }

  start(): void {
    this.cancelTick = this.clock.after(this.options.everyMs, () => {
      this.start();
      this.next();
    });
  }

  stop(): void {
    this.cancelTick?.();
  }

  /** There is a new subscription to be proved: it has all its probes before it. */
  renew(): void {
    this.unanswered = 0;
    this.next();
  }

  echoed(): void {
    this.unanswered = 0;
    this.change(true);
  }

  /** The subscription is known to be gone. */
  lost(): void {
    this.change(false);
  }

  private next(): void {
    if (this.unanswered >= this.options.unansweredMax) {
      this.unanswered = 0;
      this.change(false);
      this.events.deaf();
    }
    this.unanswered += 1;
    this.events.send();
  }

  private change(isUp: boolean): void {
    if (this.isProved === isUp) return;
    this.isProved = isUp;
    this.events.changed(isUp);
  }
}

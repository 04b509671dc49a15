import type { Client } from './client';
import { nowMicros, stampedText } from './stamp';

/**
 * How messages are sent. `closed` keeps so many of each sender on their way: it finds the throughput. `open` sends at a
 * rate, whatever becomes of what was sent: it finds the latency, which counts from when a message was due, so a server
 * that stops for a second is charged with all that was due in that second (no coordinated omission).
 */
export type Load = { kind: 'closed'; inFlight: number } | { kind: 'open'; perSecond: number };

const TICK_MS = 1;

/** What of a load falls to some of the senders: of a rate their share, of what is on its way all, since it is each one's. */
export function shareOf(load: Load, { senders, of }: { senders: number; of: number }): Load {
  return load.kind === 'open' ? { ...load, perSecond: of === 0 ? 0 : (load.perSecond * senders) / of } : load;
}

/** Sends the messages of a load until it is stopped. */
export interface Pace {
  stop(): void;
  /** Senders whose own messages have come back since they last asked. */
  refill(sender: Client): void;
}

/** Counts what is sent, and tells messages of different fleets and runs apart. */
export class Outbox {
  sent = 0;
  private readonly name = `${Date.now().toString(36)}.${process.pid.toString(36)}.`;

  /** Sends the next messages of a sender, one due at each of these times. */
  send(sender: Client, dues: readonly number[]): void {
    const { room, sender: index } = sender.spec;
    const messages = dues.map((dueMicros) => {
      const n = ++sender.lastSent;
      return { text: stampedText({ room, sender: index!, n, dueMicros }), id: `${this.name}${n}` };
    });
    sender.inFlight += messages.length;
    this.sent += messages.length;
    sender.send(messages);
  }

  /** The number of the message with this id among its sender's. */
  numberOf(id: string): number {
    return Number(id.slice(this.name.length));
  }
}

/** Without senders nothing is sent. */
export function startPace(load: Load, senders: readonly Client[], outbox: Outbox): Pace {
  return load.kind === 'closed'
    ? new ClosedPace(load.inFlight, senders, outbox)
    : new OpenPace(load.perSecond, senders, outbox);
}

class ClosedPace implements Pace {
  private isStopped = false;

  constructor(
    private readonly inFlight: number,
    senders: readonly Client[],
    private readonly outbox: Outbox,
  ) {
    for (const sender of senders) this.refill(sender);
  }

  refill(sender: Client): void {
    const free = this.inFlight - sender.inFlight;
    if (free <= 0 || this.isStopped) return;
    this.outbox.send(sender, new Array<number>(free).fill(nowMicros()));
  }

  stop(): void {
    this.isStopped = true;
  }
}

class OpenPace implements Pace {
  private readonly startedAt = nowMicros();
  private readonly timer: NodeJS.Timeout;
  /** Messages that were due so far. */
  private due = 0;

  constructor(
    private readonly perSecond: number,
    private readonly senders: readonly Client[],
    private readonly outbox: Outbox,
  ) {
    this.timer = setInterval(() => this.sendDue(), TICK_MS);
    if (senders.length === 0) this.stop();
  }

  refill(): void {
    // Time alone decides.
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The senders take turns. The first message is due one interval after the start, the others one after the other. */
  private sendDue(): void {
    const until = Math.floor(((nowMicros() - this.startedAt) / 1e6) * this.perSecond);
    for (; this.due < until; this.due++) {
      const dueMicros = Math.floor(this.startedAt + ((this.due + 1) / this.perSecond) * 1e6);
      this.outbox.send(this.senders[this.due % this.senders.length]!, [dueMicros]);
    }
  }
}

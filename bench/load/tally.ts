import { Latencies } from './latencies';

/** What is counted of the deliveries that a fleet sees; latencies of those messages that were due within a window. */
export class Tally {
  delivered = 0;
  readonly latencies = new Latencies();
  /** When each message of the window had reached its last receiver so far, by when it was due; null: not followed. */
  private lastAt: Map<number, number> | null = null;
  private from = Infinity;
  private to = Infinity;

  /** Begins anew with messages that are due between the two times. */
  open(fromMicros: number, toMicros: number, followsLast: boolean): void {
    this.latencies.clear();
    this.lastAt = followsLast ? new Map() : null;
    this.from = fromMicros;
    this.to = toMicros;
  }

  count(dueMicros: number, nowMicros: number): void {
    this.delivered += 1;
    if (dueMicros < this.from || dueMicros >= this.to) return;
    this.latencies.add(nowMicros - dueMicros);
    this.lastAt?.set(dueMicros, nowMicros);
  }

  /** When the last receiver here had each message, by when it was due; empty unless it was followed. */
  lasts(): Map<number, number> {
    return this.lastAt ?? new Map<number, number>();
  }
}

/**
 * Of each message, until the last receiver of all fleets had it. Their windows begin and end at slightly different times:
 * a message that was not in all of them is left out.
 */
export function untilLast(lasts: readonly ReadonlyMap<number, number>[]): Latencies {
  const latencies = new Latencies();
  for (const due of lasts[0]?.keys() ?? []) {
    const at = lasts.map((last) => last.get(due));
    if (at.every((time) => time !== undefined)) latencies.add(Math.max(...at) - due);
  }
  return latencies;
}

/** What a receiver got wrong. All zero: each message once, each sender's in the order it sent them. */
export interface Faults {
  /** Never came. */
  lost: number;
  /** Came more than once. */
  doubled: number;
  /** Came behind a later message of the same sender. */
  reordered: number;
  /** Was not the next one of the room's log, where the server numbers it. */
  outOfTurn: number;
  /** Came although its sender was refused, or had not sent it. */
  unowed: number;
  /** Of a room that the receiver is not in, or of a sender that the room does not have. */
  strayed: number;
  /** Its text was not what had been sent. */
  garbled: number;
  /** The sender was not told that it is stored, or was told twice, where the protocol has such an answer. */
  unacknowledged: number;
}

export const NO_FAULTS: Readonly<Faults> = {
  lost: 0,
  doubled: 0,
  reordered: 0,
  outOfTurn: 0,
  unowed: 0,
  strayed: 0,
  garbled: 0,
  unacknowledged: 0,
};

export function addFaults(sum: Faults, more: Faults): Faults {
  return {
    lost: sum.lost + more.lost,
    doubled: sum.doubled + more.doubled,
    reordered: sum.reordered + more.reordered,
    outOfTurn: sum.outOfTurn + more.outOfTurn,
    unowed: sum.unowed + more.unowed,
    strayed: sum.strayed + more.strayed,
    garbled: sum.garbled + more.garbled,
    unacknowledged: sum.unacknowledged + more.unacknowledged,
  };
}

/**
 * Follows what one receiver is given of the messages 1, 2, 3 … of each sender of a room.
 *
 * While all is well it is one comparison and one addition for each message; only what is missing is remembered.
 */
export class DeliveryCheck {
  private readonly nextOf: Int32Array;
  /** Numbers that were jumped over and have not come since, by sender. */
  private readonly missing = new Map<number, Set<number>>();
  private doubled = 0;
  private reordered = 0;
  private strayed = 0;
  private receivedCount = 0;
  private outOfTurn = 0;
  /** The last number of the room's log that came; null before any has. */
  private position: number | null = null;

  constructor(
    private readonly room: number,
    senders: number,
  ) {
    this.nextOf = new Int32Array(senders).fill(1);
  }

  /** Messages received, each counted once. */
  get received(): number {
    return this.receivedCount;
  }

  take(room: number, sender: number, n: number): void {
    const next = this.nextOf[sender];
    if (room !== this.room || next === undefined) {
      this.strayed += 1;
    } else if (n === next) {
      this.nextOf[sender] = n + 1;
      this.receivedCount += 1;
    } else {
      this.takeOutOfTurn(sender, n, next);
    }
  }

  /** The room's log goes on with this number. */
  step(seq: number): void {
    if (this.position !== null && seq !== this.position + 1) this.outOfTurn += 1;
    this.position = seq;
  }

  /** A page has brought the receiver to this number of the room's log. */
  jump(seq: number): void {
    this.position = seq;
  }

  /** Counts on from here: what came before `n` was not for this receiver. */
  startAt(sender: number, n: number): void {
    this.nextOf[sender] = n;
  }

  /**
   * The verdict, once nothing more will come: `sent` holds each sender's last number, `refused` the numbers that the
   * server refused and therefore owes to nobody.
   */
  faults(sent: readonly number[], refused: ReadonlyMap<number, ReadonlySet<number>>): Faults {
    let lost = 0;
    let unowed = 0;
    sent.forEach((last, sender) => {
      const refusedOnes = refused.get(sender) ?? new Set<number>();
      const next = this.nextOf[sender] ?? 1;
      const missing = new Set(this.missing.get(sender));
      for (let n = next; n <= last; n++) missing.add(n);
      lost += [...missing].filter((n) => !refusedOnes.has(n)).length;
      unowed += [...refusedOnes].filter((n) => !missing.has(n)).length + Math.max(0, next - 1 - last);
    });
    const { doubled, reordered, outOfTurn, strayed } = this;
    return { ...NO_FAULTS, lost, doubled, reordered, outOfTurn, unowed, strayed };
  }

  private takeOutOfTurn(sender: number, n: number, next: number): void {
    let missing = this.missing.get(sender);
    if (n > next) {
      if (!missing) this.missing.set(sender, (missing = new Set()));
      for (let skipped = next; skipped < n; skipped++) missing.add(skipped);
      this.nextOf[sender] = n + 1;
      this.receivedCount += 1;
    } else if (missing?.delete(n)) {
      this.reordered += 1;
      this.receivedCount += 1;
    } else {
      this.doubled += 1;
    }
  }
}

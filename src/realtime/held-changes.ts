import type { Change } from './room-log';

/** Changes of a room that came before their predecessors: kept while what is missing is read. */
export class HeldChanges {
  private readonly bySeq = new Map<number, Change>();

  constructor(
    /** Beyond, all are let go: the log is asked for them again. */
    private readonly max: number,
  ) {}

  add(change: Change): void {
    this.bySeq.set(change.seq, change);
  }

  /** Takes those that follow upon `seq` without a hole, in order, and lets go of what stands before them. */
  takeAfter(seq: number): Change[] {
    this.dropUpTo(seq);
    const run: Change[] = [];
    for (let next = this.bySeq.get(seq + 1); next; next = this.bySeq.get(next.seq + 1)) {
      this.bySeq.delete(next.seq);
      run.push(next);
    }
    if (this.bySeq.size > this.max) this.clear();
    return run;
  }

  clear(): void {
    this.bySeq.clear();
  }

  private dropUpTo(seq: number): void {
    for (const held of this.bySeq.keys()) if (held <= seq) this.bySeq.delete(held);
  }
}

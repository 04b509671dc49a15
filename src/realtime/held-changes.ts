import { renamed } from './new-names';
import type { Change } from './room-log';

/** Changes of a room that came before their predecessors: kept while what is missing is read. */
export class HeldChanges {
  /** By `seq`. Mostly they come in order, and are taken as they came. */
  private changes: Change[] = [];

  constructor(
    /** Beyond, all are let go: the log is asked for them again. */
    private readonly max: number,
  ) {}

  /** Adds a change, or puts it in its twin's place. */
  add(change: Change): void {
    const { changes } = this;
    let index = changes.length;
    while (index > 0 && changes[index - 1]!.seq > change.seq) index -= 1;
    if (index > 0 && changes[index - 1]!.seq === change.seq) changes[index - 1] = change;
    else if (index === changes.length) changes.push(change);
    else changes.splice(index, 0, change);
  }

  /** Takes those that follow upon `seq` without a hole, in order, and lets go of what stands before them. */
  takeAfter(seq: number): Change[] {
    const { changes } = this;
    let start = 0;
    while (start < changes.length && changes[start]!.seq <= seq) start += 1;
    let end = start;
    while (end < changes.length && changes[end]!.seq === seq + 1 + end - start) end += 1;
    this.changes = changes.slice(end);
    this.bound();
    return changes.slice(start, end);
  }

  /** Lets all go if they are more than may be kept. Adding does not: what comes at once may be taken at once. */
  bound(): void {
    if (this.changes.length > this.max) this.changes = [];
  }

  /** Shows another name for an author. */
  rename(userId: number, username: string): void {
    const messages = renamed(
      this.changes.map(({ message }) => message),
      userId,
      username,
    );
    this.changes = this.changes.map((change, index) => ({ ...change, message: messages[index]! }));
  }

  clear(): void {
    this.changes = [];
  }
}

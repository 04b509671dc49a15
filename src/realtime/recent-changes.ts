import type { ChangesPage, Message } from '../protocol/models';
import { renamed } from './new-names';

/** Characters kept for one room; a room of long messages, or of crowds who react, keeps fewer changes. */
const MAX_CHARS = 2_000_000;
/** Of the id of a user who has reacted. */
const ID_CHARS = 6;

/**
 * The newest changes of a room, complete from `floorSeq` on: what readers resume from without asking the log.
 */
export class RecentChanges {
  private changes: Message[] = [];
  private chars = 0;

  /** Every change after `floorSeq` is here. */
  constructor(
    private floorSeq: number,
    private maxChanges: number,
  ) {}

  get floor(): number {
    return this.floorSeq;
  }

  /** Keeps so many from now on. */
  resize(maxChanges: number): void {
    this.maxChanges = maxChanges;
    this.trim();
  }

  /** Adds the newest changes, in order. */
  push(messages: readonly Message[]): void {
    for (const message of messages) {
      this.changes.push(message);
      this.chars += charsOf(message);
    }
    this.trim();
  }

  /** Adds what the log has after `floorSeq` and up to the present floor, which becomes the new floor. */
  extendBack(floorSeq: number, messages: readonly Message[]): void {
    if (floorSeq >= this.floorSeq) return;
    const older = messages.filter((message) => message.seq <= this.floorSeq);
    this.changes = [...older, ...this.changes];
    this.chars += older.reduce((sum, message) => sum + charsOf(message), 0);
    this.floorSeq = floorSeq;
    this.trim();
  }

  /** Messages changed after `seq`, each once in its latest state, by `seq`; null if that reaches below the floor. */
  after(seq: number): Message[] | null {
    if (seq < this.floorSeq) return null;
    const latest = new Map<number, Message>();
    for (let index = this.firstAfter(seq); index < this.changes.length; index++) {
      const message = this.changes[index]!;
      latest.delete(message.id);
      latest.set(message.id, message);
    }
    return [...latest.values()];
  }

  /** The same as a page, which leads to `end` unless more is left. */
  pageAfter(seq: number, limit: number, end: Pick<ChangesPage, 'last_seq' | 'epoch'>): ChangesPage | null {
    const messages = this.after(seq);
    if (!messages) return null;
    const hasMore = messages.length > limit;
    const page = hasMore ? messages.slice(0, limit) : messages;
    const last_seq = hasMore ? page.at(-1)!.seq : end.last_seq;
    return { messages: page, last_seq, epoch: end.epoch, has_more: hasMore };
  }

  /** Shows another name for an author. */
  rename(userId: number, username: string): void {
    this.changes = renamed(this.changes, userId, username);
  }

  private firstAfter(seq: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.changes[middle]!.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private trim(): void {
    let dropped = 0;
    while (
      this.changes.length - dropped > this.maxChanges ||
      (this.chars > MAX_CHARS && dropped < this.changes.length)
    ) {
      const oldest = this.changes[dropped++]!;
      this.floorSeq = oldest.seq;
      this.chars -= charsOf(oldest);
    }
    if (dropped > 0) this.changes.splice(0, dropped);
  }
}

function charsOf({ content, reactions }: Message): number {
  let chars = content?.length ?? 0;
  for (const { user_ids } of reactions) chars += user_ids.length * ID_CHARS;
  return chars;
}

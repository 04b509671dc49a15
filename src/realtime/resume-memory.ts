import type { Cancel, Clock } from '../common/clock';
import type { ChangesPage, Message } from '../protocol/models';
import { RecentChanges } from './recent-changes';

/** The newest changes that are kept whoever asks: what a short absence misses. */
const KEPT_CHANGES = 200;
/** Changes further back are dropped this long after the last resume that needed them: a crowd has come back by then. */
const REACH_KEPT_MS = 10_000;

export interface ResumeMemoryOptions {
  /** Missed changes up to which a reader resumes. */
  maxChanges: number;
  clock: Clock;
  /** Reads the log behind `seq`. */
  read(seq: number, limit: number): Promise<ChangesPage>;
  /** Called when that could not be read, or not be added. Must not throw. */
  failed(error: unknown): void;
}

/**
 * What readers of a room resume from, mostly without a question to the log.
 *
 * A message that stays here outlives the collector's young generation, and in a thousand busy rooms the collector's time
 * is what this costs. So few are kept, and somebody who was away for longer has the log read once, as far back as a resume
 * may reach, for all who come meanwhile.
 */
export class ResumeMemory {
  private readonly changes: RecentChanges;
  private readonly kept: number;
  private reaching: Promise<void> | null = null;
  private usedAt = 0;
  private cancelShrinking: Cancel | null = null;
  private isClosed = false;

  constructor(
    /** The room's position. */
    private position: number,
    private readonly options: ResumeMemoryOptions,
  ) {
    this.kept = Math.min(KEPT_CHANGES, options.maxChanges);
    this.changes = new RecentChanges(position, this.kept);
  }

  /** Takes what has changed, up to the room's new position. */
  push(messages: readonly Message[], position: number): void {
    this.position = position;
    this.changes.push(messages);
  }

  /** Shows another name for an author. */
  rename(userId: number, username: string): void {
    this.changes.rename(userId, username);
  }

  close(): void {
    this.isClosed = true;
    this.cancelShrinking?.();
  }

  /** A page of what changed after `seq`; null if that is further back than a resume reaches, or cannot be read. */
  async pageAfter(seq: number, limit: number, epoch: string): Promise<ChangesPage | null> {
    const missed = this.position - seq;
    if (missed <= this.options.maxChanges) {
      if (missed > this.kept) this.usedAt = this.options.clock.monotonic();
      if (seq < this.changes.floor) await this.reachBack();
    }
    return this.changes.pageAfter(seq, limit, { last_seq: this.position, epoch });
  }

  /** Reads as far back as a resume may reach: once, whoever asks. A failure is tried again with the next question. */
  private async reachBack(): Promise<void> {
    this.reaching ??= this.extend();
    await this.reaching;
  }

  private async extend(): Promise<void> {
    const { maxChanges } = this.options;
    const floor = Math.max(0, this.position - maxChanges);
    // Before the log is read: nothing of what comes meanwhile is let go, or it would not join what is read.
    this.changes.resize(maxChanges);
    try {
      const page = await this.options.read(floor, maxChanges);
      if (page.last_seq < this.changes.floor) return this.shrink();
      this.changes.extendBack(floor, page.messages);
      if (!this.isClosed) this.shrinkLater(REACH_KEPT_MS);
    } catch (error) {
      this.options.failed(error);
      // Whoever asks is told by the log itself.
      this.shrink();
    }
  }

  private shrinkLater(delayMs: number): void {
    this.cancelShrinking = this.options.clock.after(delayMs, () => {
      const leftMs = this.usedAt + REACH_KEPT_MS - this.options.clock.monotonic();
      if (leftMs > 0) this.shrinkLater(leftMs);
      else this.shrink();
    });
  }

  private shrink(): void {
    this.changes.resize(this.kept);
    this.reaching = null;
  }
}

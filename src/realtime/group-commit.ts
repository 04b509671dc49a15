import { ChatError } from '../common/chat-error';
import type { Clock } from '../common/clock';
import type { Change, Draft, Appended, RoomLog } from './room-log';

export interface GroupCommitOptions {
  /** Drafts of one flush; beyond about this many a flush gains nothing. */
  flushMaxDrafts: number;
  /** Drafts that are worth a flush of their own: so many do not wait for more to come. */
  flushAmpleDrafts: number;
  /** Drafts that may wait; more are refused. */
  queueMaxDrafts: number;
  /** How long a draft may wait for its flush to begin. */
  queueMaxMs: number;
}

/** Who wants to know of what has been stored. Nothing here may throw. */
export interface GroupCommitEvents {
  /** Changes that are durable, by room in `seq` order. Runs before their promises resolve. */
  committed(changes: Change[]): void;
  /** Rooms in which something may have been committed that nobody heard of. */
  doubted(roomIds: Iterable<number>): void;
  flushed(flush: { drafts: number; durationMs: number }): void;
}

type Results = (Appended | ChatError)[];

/** A group that the log has been given. */
interface Flush {
  group: Waiting[];
  startedAt: number;
  /** Settles as the log does. */
  results: Promise<Results>;
}

interface Waiting {
  draft: Draft;
  since: number;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits the drafts of all rooms in groups, one group at a time.
 *
 * What arrives while a group is being made durable is the next group, so there is no timer: an idle server commits at
 * once and a busy one commits many at a time. One group at a time is also what keeps an author's order.
 * The idea is that of a database's group commit (DeWitt et al., 1984), one floor up.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = [];
  private flushing: Promise<void> | null = null;
  private isWatching = false;

  constructor(
    private readonly log: RoomLog,
    private readonly clock: Clock,
    private readonly options: GroupCommitOptions,
    private readonly events: GroupCommitEvents,
  ) {}

  /** Drafts that wait for a flush. */
  get queueLength(): number {
    return this.waiting.length;
  }

  /** Why nothing more can be taken at this moment; null if it can. Cheap: to be asked before a draft is made at all. */
  get refusal(): ChatError | null {
    return this.waiting.length < this.options.queueMaxDrafts
      ? null
      : new ChatError('server_busy', { outcome: 'not_stored', retryAfterMs: 1000 });
  }

  /**
   * Resolves when the draft is durable and has been handed to the feeds. Drafts of one caller are stored in the order
   * of the calls. Rejects with a `ChatError`; its `outcome` tells whether the change may be stored all the same.
   */
  append(draft: Draft): Promise<Appended> {
    const { refusal } = this;
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.waiting.push({ draft, since: this.clock.monotonic(), resolve, reject });
      if (!this.isWatching) this.watchQueue(this.options.queueMaxMs);
      this.flushing ??= this.flushAll();
    });
  }

  /** Resolves when nothing waits and nothing is being committed. */
  async idle(): Promise<void> {
    while (this.flushing) await this.flushing;
  }

  private async flushAll(): Promise<void> {
    try {
      for (await nextTurn(); this.waiting.length > 0; await nextTurn()) {
        for (let flush: Flush | null = this.begin(); flush;) flush = await this.end(flush);
      }
    } finally {
      // In the same turn as the last look at the queue: a draft that comes a turn later begins anew.
      this.flushing = null;
    }
  }

  private begin(): Flush {
    const group = this.waiting.splice(0, this.options.flushMaxDrafts);
    const startedAt = this.clock.monotonic();
    return { group, startedAt, results: this.log.append(group.map(({ draft }) => draft)) };
  }

  /** Announces what has been stored and answers the senders. Gives the flush that it has begun before that, if it has. */
  private async end({ group, startedAt, results }: Flush): Promise<Flush | null> {
    let next: Flush | null = null;
    try {
      const stored = await results.finally(() => {
        this.events.flushed({ drafts: group.length, durationMs: this.clock.monotonic() - startedAt });
        next = this.beginAmple();
      });
      this.announce(group, stored);
    } catch (error) {
      for (const { reject } of group) reject(error);
      if (isUnknown(error)) this.doubt(group);
    }
    return next;
  }

  /** The log stores while the sockets are written to, if what waits already is worth it. */
  private beginAmple(): Flush | null {
    return this.waiting.length >= this.options.flushAmpleDrafts ? this.begin() : null;
  }

  private announce(group: readonly Waiting[], results: Results): void {
    this.events.committed(results.flatMap((result) => (result instanceof ChatError ? [] : result.changes)));
    group.forEach(({ resolve, reject }, index) => {
      const result = results[index]!;
      if (result instanceof ChatError) reject(result);
      else resolve(result);
    });
    this.doubt(group.filter((_, index) => isUnknown(results[index]) || isOldNews(results[index])));
  }

  private doubt(group: readonly Waiting[]): void {
    if (group.length > 0) this.events.doubted(new Set(group.map(({ draft }) => draft.roomId)));
  }

  /** Refuses what has waited too long: a sender is answered even if the flush before its own hangs. */
  private watchQueue(delayMs: number): void {
    this.isWatching = true;
    this.clock.after(delayMs, () => {
      this.isWatching = false;
      const now = this.clock.monotonic();
      while (this.waiting[0] && now - this.waiting[0].since >= this.options.queueMaxMs) {
        this.waiting.shift()!.reject(new ChatError('database_unavailable', { outcome: 'not_stored' }));
      }
      const oldest = this.waiting[0];
      if (oldest) this.watchQueue(Math.max(1, this.options.queueMaxMs - (now - oldest.since)));
    });
  }
}

/**
 * Resolves when the event loop has read what is there to be read. What it brings shares the next commit: all that has
 * come at once, and what those say whose last messages have just been committed. Without it two halves of the senders
 * take turns, each with a commit and a write to every reader of its own.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function isUnknown(result: unknown): boolean {
  return result instanceof ChatError && result.details.outcome === 'unknown';
}

/** Repeated, and stored before: perhaps in a commit that came late, after its sender had been told that nobody knows. */
function isOldNews(result: unknown): boolean {
  return !(result instanceof ChatError) && (result as Appended).changes.length === 0;
}

import { Backoff } from '../common/backoff';
import { ChatError } from '../common/chat-error';
import type { Cancel, Clock } from '../common/clock';
import type { Gap } from '../protocol/frames';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';
import { Segment } from './fan-out';
import type { FeedOptions } from './feed-options';
import type { FeedReader } from './feed-reader';
import { HeldChanges } from './held-changes';
import { NewestMessages } from './newest-messages';
import { PageFrame, PageFrames } from './page-frames';
import { ResumeMemory } from './resume-memory';
import type { Change, RoomLog } from './room-log';

/** Out-of-order changes that are kept while a hole is read; beyond, the log is asked for them again. */
const HELD_MAX = 1000;
const REPAIR_PAGE = 100;
/** By then a commit whose connection broke is there, or will never be. */
const SECOND_LOOK_MS = 10_000;
const REPAIR_BACKOFF_MS = [50, 200, 500, 1000, 2000];

/**
 * One room as this node sees it: the tail of its log and the readers that follow it.
 *
 * Changes enter through `offer`, from a local commit or from another node, in any order, twice or not at all.
 * They leave in `seq` order, once. A hole is read from the log before anything behind it is delivered, so a lost
 * announcement costs time, never a message.
 */
export class RoomFeed {
  private readonly readers = new Set<FeedReader>();
  private readonly held = new HeldChanges(HELD_MAX);
  private memory: ResumeMemory;
  private newest: NewestMessages;
  private readonly frames: PageFrames;
  private epoch = '';
  private deliveredSeq = -1;
  /** The highest `seq` heard of. */
  private heardSeq = 0;
  /** How often something unannounced was suspected in the log. */
  private doubts = 0;
  private isRepairing = false;
  private readonly backoff: Backoff;
  private secondLook: Cancel | null = null;
  private isClosed = false;

  /** Settles once the tail of the log has been read; `offer` may be called before. */
  readonly opened: Promise<void>;

  constructor(
    readonly roomId: number,
    private readonly log: RoomLog,
    private readonly clock: Clock,
    private readonly options: FeedOptions,
  ) {
    this.frames = new PageFrames(roomId, clock);
    this.backoff = new Backoff(clock, REPAIR_BACKOFF_MS);
    this.opened = this.open();
  }

  /** The `seq` up to which everything has been delivered. */
  get position(): number {
    return this.deliveredSeq;
  }

  get readerCount(): number {
    return this.readers.size;
  }

  attach(reader: FeedReader): void {
    this.readers.add(reader);
    this.options.attached();
  }

  detach(reader: FeedReader): void {
    if (this.readers.delete(reader)) this.options.detached(reader);
  }

  /** Tells of a reader that could not catch up, which tries again by itself. */
  reportFailure(error: unknown): void {
    this.options.failed(error);
  }

  eachReader(visit: (reader: FeedReader) => void): void {
    for (const reader of [...this.readers]) visit(reader);
  }

  /** Shows another name for an author in what is kept in memory; names are no part of the log. */
  rename(userId: number, username: string): void {
    this.held.rename(userId, username);
    if (this.deliveredSeq < 0) return;
    this.memory.rename(userId, username);
    this.newest.rename(userId, username);
    this.frames.clear();
  }

  close(): void {
    this.isClosed = true;
    this.backoff.interrupt();
    this.secondLook?.();
    if (this.deliveredSeq >= 0) this.memory.close();
    this.frames.clear();
  }

  /** The one door for changes. Twins and what is already delivered are dropped. */
  offer(changes: readonly Change[]): void {
    for (const change of this.options.names.shownIn(changes)) {
      this.heardSeq = Math.max(this.heardSeq, change.seq);
      if (change.seq > this.deliveredSeq) this.held.add(change);
    }
    if (this.deliveredSeq >= 0) this.advance();
    else this.held.bound();
  }

  /** Somebody says that the log has come to `seq`: it is read, if that is news. */
  hearOf(seq: number): void {
    this.heardSeq = Math.max(this.heardSeq, seq);
    if (this.deliveredSeq >= 0) this.advance();
  }

  /** Reads the log to its end, now. Rejects if it cannot be read. */
  async refresh(): Promise<void> {
    await this.opened;
    for (let hasMore = true; hasMore;) {
      const page = await this.read(this.deliveredSeq, REPAIR_PAGE);
      this.deliverPage(page);
      hasMore = page.has_more;
    }
  }

  /** Reads the log, now and a while later, because something may come to stand in it that is not announced. */
  doubt(): void {
    this.look();
    this.secondLook ??= this.clock.after(SECOND_LOOK_MS, () => {
      this.secondLook = null;
      this.look();
    });
  }

  /** Reads the log from here to its end, as soon as it can be read. */
  private look(): void {
    this.doubts += 1;
    void this.opened.then(() => this.repair()).catch(() => undefined);
  }

  /** The newest page of history and the position that it stands for. */
  newestPage(): HistoryPage {
    return { ...this.newest.page(), last_seq: this.deliveredSeq, epoch: this.epoch };
  }

  /** The same as a frame: made once for all who come, until something is new; with a gap, for one of them. */
  newestFrame(gap?: Gap): PageFrame {
    const make = () =>
      new PageFrame({ type: 'messages_history', data: { room_id: this.roomId, ...this.newestPage(), gap } });
    return gap ? make() : this.frames.newest(make);
  }

  get logEpoch(): string {
    return this.epoch;
  }

  /** A page of what changed after `seq`: from memory where it reaches back so far, otherwise from the log. */
  async changesAfter(seq: number, limit: number): Promise<ChangesPage> {
    return (await this.memory.pageAfter(seq, limit, this.epoch)) ?? this.read(seq, limit);
  }

  /** The same as a frame. Ask with one limit only: a page is made once for all who come from there. */
  frameAfter(seq: number, limit: number): Promise<PageFrame> {
    return this.frames.of(seq, () => this.changesAfter(seq, limit));
  }

  private async open(): Promise<void> {
    const page = await this.log.recent(this.roomId, this.options.pageSize);
    const messages = this.options.names.shownOn(page.messages);
    this.newest = new NewestMessages({ ...page, messages }, this.options.pageSize);
    this.memory = new ResumeMemory(page.last_seq, {
      maxChanges: this.options.resumeMaxChanges,
      clock: this.clock,
      read: (seq, limit) => this.read(seq, limit),
      failed: (error) => this.options.failed(error),
    });
    this.epoch = page.epoch;
    this.deliveredSeq = page.last_seq;
    this.advance();
  }

  /** Reads what belongs to the log that this feed has opened; rejects if another, or a shorter one, is in its place. */
  private async read(seq: number, limit: number): Promise<ChangesPage> {
    const { deliveredSeq } = this;
    const page = await this.log.changesAfter(this.roomId, seq, limit);
    if (page.epoch === this.epoch && (page.has_more || page.last_seq >= deliveredSeq)) {
      return { ...page, messages: this.options.names.shownOn(page.messages) };
    }
    this.options.outlived();
    throw new ChatError('database_unavailable', { roomId: this.roomId });
  }

  /** Delivers what follows without a hole; reads the hole, if there is one. */
  private advance(): void {
    const run = this.held.takeAfter(this.deliveredSeq);
    if (run.length > 0) {
      const messages = run.map(({ message }) => message);
      this.deliver(Segment.ofRun(this.deliveredSeq, run), messages);
    }
    if (this.heardSeq > this.deliveredSeq) this.repair();
  }

  private deliver(segment: Segment, messages: Message[]): void {
    this.deliveredSeq = segment.toSeq;
    this.memory.push(messages, segment.toSeq);
    this.newest.apply(messages);
    this.frames.clear();
    for (const reader of this.readers) reader.accept(segment);
  }

  private deliverPage(page: ChangesPage): void {
    if (page.last_seq <= this.deliveredSeq) return;
    const messages = page.messages.filter(({ seq }) => seq > this.deliveredSeq);
    this.deliver(Segment.ofPage(this.deliveredSeq, this.roomId, { ...page, messages }), messages);
    this.advance();
  }

  private repair(): void {
    if (this.isRepairing) return;
    this.isRepairing = true;
    void this.readHole();
  }

  /** Reads to the end of the log, waiting longer after each failure. */
  private async readHole(): Promise<void> {
    while (!this.isClosed) {
      const [heardBefore, doubtsBefore] = [this.heardSeq, this.doubts];
      try {
        const page = await this.read(this.deliveredSeq, REPAIR_PAGE);
        this.backoff.reset();
        this.deliverPage(page);
        const isMissingNews = this.heardSeq > Math.max(heardBefore, this.deliveredSeq);
        if (page.has_more || isMissingNews || this.doubts > doubtsBefore) continue;
        // The log's word is final: what was heard of and is not there was never committed.
        this.heardSeq = this.deliveredSeq;
        this.held.clear();
        break;
      } catch (error) {
        this.options.failed(error);
        await this.backoff.wait();
      }
    }
    // In the same turn as the last look: a hole that opens a turn later is read anew.
    this.isRepairing = false;
  }
}

import type { Clock } from '../common/clock';
import type { RequestId } from '../protocol/frames';
import type { Connection } from './connection';
import type { Segment } from './fan-out';
import type { FeedReader } from './feed-reader';
import type { RoomFeed } from './room-feed';

const RETRY_AFTER_MS = 1000;

export interface ReaderOptions {
  /** Messages of one `changes` page. */
  pageSize: number;
  clock: Clock;
}

/**
 * A connection's position in a room.
 *
 * Live, it takes each stretch of the log that begins at its position. Whatever else happens (it resumes, the socket
 * cannot take more, a stretch is not the next one), it catches up: pages from its position until nothing is missing,
 * then live again. Its position only grows, and what it writes is everything between, once.
 */
export class Reader implements FeedReader {
  private state: 'waiting' | 'catching up' | 'live' | 'closed' = 'waiting';
  private hasWritten = false;

  constructor(
    private readonly connection: Connection,
    private readonly feed: RoomFeed,
    private positionSeq: number,
    private readonly options: ReaderOptions,
  ) {}

  get roomId(): number {
    return this.feed.roomId;
  }

  get position(): number {
    return this.positionSeq;
  }

  private get isClosed(): boolean {
    return this.state === 'closed';
  }

  get owner(): Connection {
    return this.connection;
  }

  get hasBegun(): boolean {
    return this.hasWritten;
  }

  /** From here on live; the caller has just written everything up to the feed's position. */
  goLive(): void {
    this.hasWritten = true;
    this.state = 'live';
  }

  /** Takes a stretch of the log from the feed. */
  accept(segment: Segment): void {
    if (this.state !== 'live' || segment.toSeq <= this.positionSeq) return;
    const bytes = this.connection.isCongested ? null : segment.bytesAfter(this.positionSeq);
    if (bytes) {
      this.connection.write(bytes);
      this.positionSeq = segment.toSeq;
    } else {
      this.keepCatchingUp();
    }
  }

  /**
   * Writes pages of changes until nothing is missing, then goes live. The first page is written even if it is empty
   * when `answers` is given: it is then the answer to that request. Rejects if the log cannot be read.
   */
  async catchUp(answers?: { requestId?: RequestId }): Promise<void> {
    this.state = 'catching up';
    let mustWrite = answers !== undefined;
    try {
      while (this.state === 'catching up') {
        // One page at a time on a socket, however many rooms it reads: together they could be large.
        mustWrite = await this.connection.inTurn(() => this.step(mustWrite, answers?.requestId));
      }
    } catch (error) {
      if (!this.isClosed) this.state = 'waiting';
      throw error;
    }
  }

  /**
   * Goes live if nothing is missing, in the same breath as finding it out; writes the next page if something is. Gives
   * whether another page must follow: the log may have more already than the feed has heard of.
   */
  private async step(mustWrite: boolean, requestId?: RequestId): Promise<boolean> {
    await this.connection.drained();
    if (this.isClosed) return false;
    if (!mustWrite && this.positionSeq >= this.feed.position) {
      this.state = 'live';
      return false;
    }
    const page = await this.feed.frameAfter(this.positionSeq, this.options.pageSize);
    if (this.isClosed) return false;
    // A feed gives no such page: it is let go, and its readers with it, when its log ends too early.
    const step = page.lastSeq - this.positionSeq;
    if (mustWrite ? step < 0 : step <= 0) throw new Error('The page leads nowhere');
    this.connection.write(page.bytes(requestId), mustWrite);
    this.hasWritten = true;
    this.positionSeq = page.lastSeq;
    return page.hasMore;
  }

  /** The log may be out of reach for a while: the socket stays, and its reader comes back to it. */
  private keepCatchingUp(): void {
    if (this.isClosed) return;
    this.catchUp().catch((error: unknown) => {
      this.feed.reportFailure(error);
      this.options.clock.after(RETRY_AFTER_MS, () => this.keepCatchingUp());
    });
  }

  close(): void {
    this.state = 'closed';
    this.feed.detach(this);
  }
}

import type { Clock } from '../common/clock';
import type { RequestId } from '../protocol/frames';
import type { Connection } from './connection';
import type { Segment } from './fan-out';
import type { FeedReader, RoomFeed } from './room-feed';

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
  private isLive = false;
  private isCatchingUp = false;
  private isClosed = false;

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

  get owner(): Connection {
    return this.connection;
  }

  /** From here on live; the caller has just written everything up to the feed's position. */
  goLive(): void {
    this.isLive = true;
  }

  /** Takes a stretch of the log from the feed. */
  accept(segment: Segment): void {
    if (!this.isLive || segment.toSeq <= this.positionSeq) return;
    const bytes = this.connection.isCongested ? null : segment.bytesAfter(this.positionSeq);
    if (bytes) {
      this.connection.write(bytes);
      this.positionSeq = segment.toSeq;
    } else {
      this.isLive = false;
      this.keepCatchingUp();
    }
  }

  /** The log may be out of reach for a while: the socket stays, and its reader comes back to it. */
  private keepCatchingUp(): void {
    if (this.isClosed) return;
    this.catchUp().catch(() => this.options.clock.after(RETRY_AFTER_MS, () => this.keepCatchingUp()));
  }

  /**
   * Writes pages of changes until nothing is missing, then goes live. The first page is written even if it is empty
   * when `answers` is given: it is then the answer to that request. Rejects if the log cannot be read.
   */
  async catchUp(answers?: { requestId?: RequestId }): Promise<void> {
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    try {
      for (let isFirst = true; !this.isClosed; isFirst = false) {
        await this.connection.drained();
        if (!(isFirst && answers) && this.positionSeq >= this.feed.position) break;
        const page = await this.feed.changesAfter(this.positionSeq, this.options.pageSize);
        if (this.isClosed) return;
        this.connection.send({
          type: 'changes',
          request_id: answers?.requestId,
          data: { room_id: this.roomId, ...page },
        });
        this.positionSeq = page.last_seq;
      }
      this.isLive = !this.isClosed;
    } finally {
      this.isCatchingUp = false;
    }
  }

  close(): void {
    this.isClosed = true;
    this.isLive = false;
    this.feed.detach(this);
  }
}

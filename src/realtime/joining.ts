import type { Clock } from '../common/clock';
import type { Gap, RequestId } from '../protocol/frames';
import type { Connection } from './connection';
import type { OpenFeeds } from './open-feeds';
import { Reader, type ReaderOptions } from './reader';
import type { RoomFeed } from './room-feed';
import type { RoomReaders } from './room-readers';

export interface JoinOptions {
  /** The client's position; without it, the newest page is the answer. */
  afterSeq?: number;
  /** The log's life that the position belongs to. */
  epoch?: string;
  requestId?: RequestId;
  /**
   * Asks once more whether the connection may read the room, right before it becomes a reader: whoever lost the room
   * since they asked was none yet when its readers were sent away. Gives a promise only where the answer is not known;
   * it rejects for a no.
   */
  confirm?: () => unknown;
}

export interface JoiningOptions {
  /** Messages of one `changes` page. */
  changesPageSize: number;
  /** Missed changes up to which a reader resumes. */
  resumeMaxChanges: number;
}

/** How a connection becomes a reader of a room. */
export class Joining {
  private readonly ofReaders: ReaderOptions;

  constructor(
    private readonly feeds: OpenFeeds,
    private readonly readers: RoomReaders,
    clock: Clock,
    private readonly options: JoiningOptions,
  ) {
    this.ofReaders = { pageSize: options.changesPageSize, clock };
  }

  /** As `RoomFeeds.join`. From the last question on, whether the feed is still the room's, all happens in one turn. */
  async join(connection: Connection, roomId: number, join: JoinOptions): Promise<void> {
    for (;;) {
      const feed = await this.feeds.open(roomId);
      const isBeyond = join.afterSeq !== undefined && join.afterSeq > feed.position;
      if (isBeyond) await this.refresh(feed);
      // The last reader may have left while the log was read, so long ago that the feed has been let go.
      if (!this.feeds.has(feed)) continue;
      if (connection.isClosed) return this.feeds.lingerIfUnread(feed);
      const confirmed = join.confirm?.();
      if (!(confirmed instanceof Promise)) return this.begin(connection, feed, join);
      await confirmed.catch((error: unknown) => this.turnAway(connection, feed, error));
    }
  }

  private async begin(connection: Connection, feed: RoomFeed, join: JoinOptions): Promise<void> {
    const { afterSeq, requestId } = join;
    const gap = this.gapOf(feed, join);
    if (afterSeq === undefined || gap) {
      const reader = this.replaceReader(connection, feed, feed.position);
      connection.write(feed.newestFrame(gap).bytes(requestId), true);
      reader.goLive();
    } else {
      const reader = this.replaceReader(connection, feed, afterSeq);
      await reader.catchUp({ requestId }).catch((error: unknown) => this.turnAway(connection, feed, error));
    }
  }

  private replaceReader(connection: Connection, feed: RoomFeed, position: number): Reader {
    const reader = new Reader(connection, feed, position, this.ofReaders);
    const last = connection.readers.get(feed.roomId);
    connection.readers.set(feed.roomId, reader);
    feed.attach(reader);
    // Afterwards, or the feed would be let go of in between.
    last?.close();
    return reader;
  }

  private turnAway(connection: Connection, feed: RoomFeed, error: unknown): never {
    this.readers.leave(connection, feed.roomId);
    this.feeds.lingerIfUnread(feed);
    throw error;
  }

  private gapOf(feed: RoomFeed, { afterSeq, epoch }: JoinOptions): Gap | undefined {
    if (afterSeq === undefined) return undefined;
    const isOtherLog = epoch !== undefined && epoch !== feed.logEpoch;
    // Nothing that the client knows of another log, or of a later state of this one, can be relied on.
    if (isOtherLog || afterSeq > feed.position) return { from_seq: 1, to_seq: feed.position };
    if (feed.position - afterSeq > this.options.resumeMaxChanges) {
      return { from_seq: afterSeq + 1, to_seq: feed.position };
    }
    return undefined;
  }

  private async refresh(feed: RoomFeed): Promise<void> {
    try {
      await feed.refresh();
    } catch (error) {
      // One whose log is another now has been let go; its successor is asked.
      if (!this.feeds.has(feed)) return;
      this.feeds.lingerIfUnread(feed);
      throw error;
    }
  }
}

import type { Cancel, Clock } from '../common/clock';
import type { CloseCode } from '../protocol/close-codes';
import type { Gap, RequestId, ServerFrame } from '../protocol/frames';
import type { Connection } from './connection';
import { encodeFrame } from './fan-out';
import { Reader } from './reader';
import { RoomFeed, type FeedOptions } from './room-feed';
import type { Change, RoomLog } from './room-log';

/** How long a feed without readers stays open: a reconnect finds its tail in memory. */
const LINGER_MS = 10_000;

/** Who wants to know when readers go. Nothing here may throw. */
export interface ReaderWatcher {
  /** A connection reads the room no more, or is about to read it anew. */
  readerGone(roomId: number, connection: Connection): void;
  /** A user lost the right to read the room. */
  userRemoved(roomId: number, userId: number): void;
  roomClosed(roomId: number): void;
  userRenamed(userId: number, username: string): void;
}

export interface FeedsOptions extends Omit<FeedOptions, 'detached'> {
  /** Messages of one `changes` page. */
  changesPageSize: number;
  watcher?: ReaderWatcher;
}

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

/** The feeds of this node by room: opened with the first reader, let go a while after the last. */
export class RoomFeeds {
  private readonly feeds = new Map<number, RoomFeed>();
  private readonly lingering = new Map<number, Cancel>();

  constructor(
    private readonly log: RoomLog,
    private readonly clock: Clock,
    private readonly options: FeedsOptions,
  ) {}

  /** Rooms that are open on this node. */
  get size(): number {
    return this.feeds.size;
  }

  roomIds(): number[] {
    return [...this.feeds.keys()];
  }

  /** Hands committed changes to the feeds that are open. Call it after the commit, never before. */
  offer(changes: readonly Change[]): void {
    const byRoom = new Map<number, Change[]>();
    for (const change of changes) {
      const ofRoom = byRoom.get(change.roomId);
      if (ofRoom) ofRoom.push(change);
      else byRoom.set(change.roomId, [change]);
    }
    for (const [roomId, ofRoom] of byRoom) this.feeds.get(roomId)?.offer(ofRoom);
  }

  /** Something may have been committed in these rooms without being announced. */
  doubt(roomIds: Iterable<number>): void {
    for (const roomId of roomIds) this.feeds.get(roomId)?.doubt();
  }

  /**
   * Makes the connection a reader of the room and writes the answer: the newest page, or what was missed, or the
   * newest page with the gap that is not replayed. Then live. Joining again starts anew from the given position.
   * Rejects if the log cannot be read, or as `confirm` does; an earlier reading of the room may have ended with that.
   */
  async join(connection: Connection, roomId: number, join: JoinOptions): Promise<void> {
    const feed = await this.open(roomId);
    const mustAskLog = join.afterSeq !== undefined && join.afterSeq > feed.position;
    if (mustAskLog) await feed.refresh().finally(() => this.lingerIfUnread(feed));
    // The last reader may have left while the log was read, so long ago that the feed has been let go.
    if (this.feeds.get(roomId) !== feed) return this.join(connection, roomId, join);
    if (connection.isClosed) return this.lingerIfUnread(feed);
    const confirmed = join.confirm?.();
    if (confirmed instanceof Promise) {
      await confirmed.catch((error: unknown) => {
        this.leave(connection, roomId);
        this.lingerIfUnread(feed);
        throw error;
      });
      return this.join(connection, roomId, join);
    }

    const gap = this.gapOf(feed, join);
    const reader = new Reader(connection, feed, gap ? feed.position : (join.afterSeq ?? feed.position), {
      pageSize: this.options.changesPageSize,
      clock: this.clock,
    });
    connection.readers.get(roomId)?.close();
    connection.readers.set(roomId, reader);
    feed.attach(reader);
    if (join.afterSeq !== undefined && !gap) {
      await reader.catchUp({ requestId: join.requestId }).catch((error: unknown) => {
        this.leave(connection, roomId);
        throw error;
      });
    } else {
      connection.send({
        type: 'messages_history',
        request_id: join.requestId,
        data: { room_id: roomId, ...feed.newestPage(), gap },
      });
      reader.goLive();
    }
  }

  /** Ends the connection's reading of a room; without effect if it does not read it. */
  leave(connection: Connection, roomId: number): void {
    connection.readers.get(roomId)?.close();
    connection.readers.delete(roomId);
  }

  /** Shows another name for an author from now on. Call it after the commit that changed it. */
  renameUser(userId: number, username: string): void {
    for (const feed of this.feeds.values()) feed.rename(userId, username);
    this.options.watcher?.userRenamed(userId, username);
  }

  /**
   * Tells the room's readers, but not those of `exceptUserId`, something that is not in its log. May be lost; never
   * ordered against the log.
   */
  announce(roomId: number, frame: ServerFrame, exceptUserId?: number): void {
    const bytes = encodeFrame(frame);
    this.feeds.get(roomId)?.eachReader(({ owner, hasBegun }) => {
      if (!hasBegun || owner.isCongested || owner.principal.userId === exceptUserId) return;
      owner.write(bytes);
    });
  }

  /** Ends the room for its readers: single-room sockets close with `code`, others are told with `frame` and leave it. */
  closeRoom(roomId: number, frame: ServerFrame, code: CloseCode): void {
    const reason = 'room closed';
    this.feeds.get(roomId)?.eachReader(({ owner }) => this.expel(owner, roomId, frame, code, reason));
    this.options.watcher?.roomClosed(roomId);
  }

  /** The users who read the room on this node, each once. */
  userIds(roomId: number): number[] {
    const users = new Set<number>();
    this.feeds.get(roomId)?.eachReader(({ owner }) => users.add(owner.principal.userId));
    return [...users];
  }

  /** Ends the room for one user's readers, as `closeRoom` does for all. */
  removeUser(roomId: number, userId: number, code: CloseCode, reason: string): void {
    this.feeds.get(roomId)?.eachReader(({ owner }) => {
      if (owner.principal.userId !== userId) return;
      this.expel(owner, roomId, { type: 'left', data: { room_id: roomId, reason } }, code, reason);
    });
    this.options.watcher?.userRemoved(roomId, userId);
  }

  private expel(
    owner: Connection,
    roomId: number,
    frame: ServerFrame,
    code: CloseCode,
    reason: string,
  ): void {
    this.leave(owner, roomId);
    owner.send(frame);
    if (owner.homeRoomId === roomId) owner.close(code, reason);
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

  private async open(roomId: number): Promise<RoomFeed> {
    this.lingering.get(roomId)?.();
    this.lingering.delete(roomId);
    let feed = this.feeds.get(roomId);
    if (!feed) {
      feed = new RoomFeed(roomId, this.log, this.clock, {
        ...this.options,
        detached: ({ owner }, left) => {
          this.options.watcher?.readerGone(roomId, owner);
          this.lingerIfUnread(left);
        },
      });
      this.feeds.set(roomId, feed);
    }
    try {
      await feed.opened;
    } catch (error) {
      if (this.feeds.get(roomId) === feed) this.feeds.delete(roomId);
      throw error;
    }
    return feed;
  }

  private lingerIfUnread(feed: RoomFeed): void {
    const isOpen = this.feeds.get(feed.roomId) === feed;
    if (!isOpen || feed.readerCount > 0 || this.lingering.has(feed.roomId)) return;
    const cancel = this.clock.after(LINGER_MS, () => {
      this.lingering.delete(feed.roomId);
      if (feed.readerCount > 0) return;
      feed.close();
      this.feeds.delete(feed.roomId);
    });
    this.lingering.set(feed.roomId, cancel);
  }
}

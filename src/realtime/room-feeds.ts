import type { Clock } from '../common/clock';
import { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';
import type { RoomAnnouncement } from './broker/announcement';
import type { OtherNodes } from './broker/other-nodes';
import type { Connection } from './connection';
import type { FeedOptions } from './feed-options';
import { type JoinOptions, Joining, type JoiningOptions } from './joining';
import { OpenFeeds } from './open-feeds';
import { NewNames } from './new-names';
import { RoomReaders } from './room-readers';
import type { Change, LogTails, RoomLog } from './room-log';

/** Who wants to know when readers go. Nothing here may throw. */
export interface ReaderWatcher {
  /** A connection reads the room no more, or is about to read it anew. */
  readerGone(roomId: number, connection: Connection): void;
  /** A user lost the right to read the room. */
  userRemoved(roomId: number, userId: number): void;
  roomClosed(roomId: number): void;
  userRenamed(userId: number, username: string): void;
}

export interface FeedsOptions
  extends Omit<FeedOptions, 'names' | 'failed' | 'attached' | 'detached' | 'outlived'>, JoiningOptions {
  watcher?: ReaderWatcher;
  others?: OtherNodes;
  /** As for a feed. */
  failed?: (error: unknown) => void;
}

/** The rooms that are read on this node, and their readers. What happens here is told to the other nodes. */
export class RoomFeeds {
  private readonly feeds: OpenFeeds;
  private readonly readers: RoomReaders;
  private readonly joining: Joining;
  private readonly names: NewNames;

  constructor(
    log: RoomLog,
    clock: Clock,
    private readonly options: FeedsOptions,
  ) {
    const { watcher, others, failed = () => undefined } = options;
    this.names = new NewNames(clock);
    const feedOptions = { ...options, failed, names: this.names };
    this.feeds = new OpenFeeds(log, clock, feedOptions, {
      followed: (roomId) => others?.follow(roomId),
      unfollowed: (roomId) => others?.unfollow(roomId),
      detached: ({ owner }, { roomId }) => watcher?.readerGone(roomId, owner),
      // Their positions belong to a log that is no more: they resume, and are told so.
      outlived: (feed) =>
        feed.eachReader(({ owner }) => owner.close(CloseCode.ServiceRestart, 'the log begins anew')),
    });
    this.readers = new RoomReaders(this.feeds);
    this.joining = new Joining(this.feeds, this.readers, clock, options);
  }

  /** Rooms that are open on this node. */
  get size(): number {
    return this.feeds.size;
  }

  /** Whether the room is read on this node, or was until lately. */
  isOpen(roomId: number): boolean {
    return this.feeds.get(roomId) !== undefined;
  }

  roomIds(): number[] {
    return this.feeds.all().map(({ roomId }) => roomId);
  }

  /** Hands committed changes to the feeds that are open, on every node. Call it after the commit, never before. */
  offer(changes: readonly Change[]): void {
    const byRoom = new Map<number, Change[]>();
    for (const change of changes) {
      const ofRoom = byRoom.get(change.roomId);
      if (ofRoom) ofRoom.push(change);
      else byRoom.set(change.roomId, [change]);
    }
    for (const [roomId, ofRoom] of byRoom) this.hearChanges(roomId, ofRoom);
    this.options.others?.tellChanges(changes);
  }

  /** Takes what another node says that it has committed in a room. */
  hearChanges(roomId: number, changes: readonly Change[]): void {
    this.feeds.get(roomId)?.offer(changes);
  }

  /** Takes another node's word that a room's log has come to `seq`. */
  hearOf(roomId: number, seq: number): void {
    this.feeds.get(roomId)?.hearOf(seq);
  }

  /** Resolves once the room's tail has been read, if anybody asked for it. */
  async opened(roomId: number): Promise<void> {
    await this.feeds.get(roomId)?.opened.catch(() => undefined);
  }

  /** Where this node stands in the rooms that are read here. */
  positions(): ReadonlyMap<number, number> {
    const open = this.feeds.followed().filter(({ position }) => position >= 0);
    return new Map(open.map(({ roomId, position }) => [roomId, position]));
  }

  /** Takes the log's own word, asked for with `positions`. What is of another log, or beyond its end, begins anew. */
  heed({ epoch, lastSeqs }: LogTails, positions: ReadonlyMap<number, number>): void {
    for (const [roomId, position] of positions) {
      const feed = this.feeds.get(roomId);
      const lastSeq = lastSeqs.get(roomId) ?? position;
      if (!feed) continue;
      if (feed.logEpoch !== epoch || lastSeq < position) this.feeds.abandon(feed);
      else feed.hearOf(lastSeq);
    }
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
    await this.joining.join(connection, roomId, join);
  }

  /** Ends the connection's reading of a room; without effect if it does not read it. */
  leave(connection: Connection, roomId: number): void {
    this.readers.leave(connection, roomId);
  }

  /** Shows another name for an author from now on. Call it after the commit that changed it. */
  renameUser(userId: number, username: string): void {
    this.spread({ type: 'user_renamed', user_id: userId, username });
  }

  /**
   * Tells the room's readers, but not those of `exceptUserId`, something that is not in its log. May be lost; never
   * ordered against the log.
   */
  announce(roomId: number, frame: ServerFrame, exceptUserId: number | null = null): void {
    this.spread({ type: 'frame', room_id: roomId, frame, except_user_id: exceptUserId });
  }

  /** Ends the room for its readers: single-room sockets close with `code`, others are told with `frame` and leave it. */
  closeRoom(roomId: number, frame: ServerFrame, code: CloseCode): void {
    this.spread({ type: 'room_closed', room_id: roomId, frame, code });
  }

  /** Ends the room for one user's readers, as `closeRoom` does for all. */
  removeUser(roomId: number, userId: number, code: CloseCode, reason: string): void {
    this.spread({ type: 'user_removed', room_id: roomId, user_id: userId, code, reason });
  }

  /** Does on this node what another one has done. */
  hear(told: RoomAnnouncement): void {
    const { watcher } = this.options;
    switch (told.type) {
      case 'frame':
        return this.readers.show(told.room_id, told.frame, told.except_user_id);
      case 'room_closed':
        this.readers.expel(told.room_id, told.frame, told.code, 'room closed');
        return watcher?.roomClosed(told.room_id);
      case 'user_removed': {
        const { room_id, user_id, code, reason } = told;
        this.readers.expel(room_id, { type: 'left', data: { room_id, reason } }, code, reason, user_id);
        return watcher?.userRemoved(room_id, user_id);
      }
      case 'user_renamed':
        this.rename(told.user_id, told.username);
        return watcher?.userRenamed(told.user_id, told.username);
    }
  }

  /** The users who read the room on this node, each once. */
  userIds(roomId: number): number[] {
    return this.readers.userIds(roomId);
  }

  private rename(userId: number, username: string): void {
    this.names.add(userId, username);
    for (const feed of this.feeds.all()) feed.rename(userId, username);
  }

  /** Here first: whoever acts finds it done, however the other nodes are doing. */
  private spread(announcement: RoomAnnouncement): void {
    this.hear(announcement);
    this.options.others?.tell(announcement);
  }
}

import type { Cancel, Clock } from '../common/clock';
import type { FeedOptions } from './feed-options';
import type { FeedReader } from './feed-reader';
import { RoomFeed } from './room-feed';
import type { RoomLog } from './room-log';

/** How long a feed without readers stays open: a reconnect finds its tail in memory. */
const LINGER_MS = 10_000;

/** Who wants to know of which rooms there are readers. Nothing here may throw. */
export interface FeedsWatcher {
  /** Somebody reads the room, or is about to. */
  followed(roomId: number): void;
  /** Nobody reads it any more. */
  unfollowed(roomId: number): void;
  /** A reader has gone. */
  detached(reader: FeedReader, feed: RoomFeed): void;
  /** The log has another life than the feed, which is open no more. Its readers are still there. */
  outlived(feed: RoomFeed): void;
}

/** The feeds of this node by room: opened with the first reader, let go a while after the last. */
export class OpenFeeds {
  private readonly feeds = new Map<number, RoomFeed>();
  private readonly lingering = new Map<number, Cancel>();

  constructor(
    private readonly log: RoomLog,
    private readonly clock: Clock,
    private readonly options: Omit<FeedOptions, 'attached' | 'detached' | 'outlived'>,
    private readonly watcher: FeedsWatcher,
  ) {}

  get size(): number {
    return this.feeds.size;
  }

  get(roomId: number): RoomFeed | undefined {
    return this.feeds.get(roomId);
  }

  all(): RoomFeed[] {
    return [...this.feeds.values()];
  }

  /** Those with readers, or with somebody on the way in. */
  followed(): RoomFeed[] {
    return this.all().filter(({ roomId }) => !this.lingering.has(roomId));
  }

  /** Whether it is still the feed of its room. */
  has(feed: RoomFeed): boolean {
    return this.feeds.get(feed.roomId) === feed;
  }

  /** The room's feed with its tail read. Whoever asks becomes a reader at once, or calls `lingerIfUnread`. */
  async open(roomId: number): Promise<RoomFeed> {
    this.lingerNoMore(roomId);
    // Before the tail is read: what is announced from now on is not missed.
    this.watcher.followed(roomId);
    const feed = this.feeds.get(roomId) ?? this.begin(roomId);
    try {
      await feed.opened;
    } catch (error) {
      if (this.has(feed)) this.remove(feed);
      throw error;
    }
    return feed;
  }

  /** Lets go of a feed, a while later, if nobody reads it until then. */
  lingerIfUnread(feed: RoomFeed): void {
    if (!this.has(feed) || feed.readerCount > 0 || this.lingering.has(feed.roomId)) return;
    this.watcher.unfollowed(feed.roomId);
    const cancel = this.clock.after(LINGER_MS, () => {
      this.lingering.delete(feed.roomId);
      if (feed.readerCount > 0) return;
      feed.close();
      this.feeds.delete(feed.roomId);
    });
    this.lingering.set(feed.roomId, cancel);
  }

  /** Lets go of a feed whose log is another one now. */
  abandon(feed: RoomFeed): void {
    if (!this.has(feed)) return;
    this.lingerNoMore(feed.roomId);
    feed.close();
    this.remove(feed);
    this.watcher.outlived(feed);
  }

  private begin(roomId: number): RoomFeed {
    const feed: RoomFeed = new RoomFeed(roomId, this.log, this.clock, {
      ...this.options,
      attached: () => {
        // Whoever asked at the same time and turned back has let go of it.
        if (this.lingerNoMore(roomId)) this.watcher.followed(roomId);
      },
      detached: (reader) => {
        this.watcher.detached(reader, feed);
        this.lingerIfUnread(feed);
      },
      outlived: () => this.abandon(feed),
    });
    this.feeds.set(roomId, feed);
    return feed;
  }

  private lingerNoMore(roomId: number): boolean {
    this.lingering.get(roomId)?.();
    return this.lingering.delete(roomId);
  }

  private remove(feed: RoomFeed): void {
    this.feeds.delete(feed.roomId);
    this.watcher.unfollowed(feed.roomId);
  }
}

import type { Clock } from '../../common/clock';
import type { RoomFeeds } from '../room-feeds';
import type { Change, RoomLog } from '../room-log';
import type { RoomAnnouncement } from './announcement';
import { LogSweep } from './log-sweep';
import type { NodeLink } from './node-link';
import type { OtherNodes } from './other-nodes';
import type { RoomSubscriptions } from './room-subscriptions';

/** Ties the feeds of this node to those of the others: what happens here is announced, what is announced happens here. */
export class FeedLink implements OtherNodes {
  private sweep: LogSweep | null = null;
  private subscribed: (roomId: number) => void = () => undefined;

  constructor(
    private readonly link: NodeLink,
    private readonly subscriptions: RoomSubscriptions,
    private readonly log: RoomLog,
    private readonly clock: Clock,
    /** Called when the log could not be asked, or what it told not be followed. Must not throw. */
    private readonly failed: (error: unknown) => void,
  ) {}

  follow(roomId: number): void {
    if (this.subscriptions.isFollowed(roomId, 'feed')) return;
    void this.subscriptions.follow(roomId, 'feed').then(() => this.subscribed(roomId));
  }

  unfollow(roomId: number): void {
    this.subscriptions.unfollow(roomId, 'feed');
  }

  tellChanges(changes: readonly Change[]): void {
    this.link.publishChanges(changes);
  }

  tell(announcement: RoomAnnouncement): void {
    this.link.publish(announcement);
  }

  /** Lets the feeds hear of the other nodes, before the link is started. */
  serve(feeds: RoomFeeds): void {
    const { link } = this;
    const sweep = new LogSweep(this.log, this.clock, {
      positions: () => feeds.positions(),
      isBrokerUp: () => link.isUp,
      found: (tails, positions) => feeds.heed(tails, positions),
      failed: this.failed,
    });
    link.on('changes', ({ room_id, changes }) =>
      feeds.hearChanges(
        room_id,
        changes.map(({ type, message }) => ({ roomId: room_id, seq: message.seq, type, message })),
      ),
    );
    link.on('advanced', ({ room_id, last_seq }) => feeds.hearOf(room_id, last_seq));
    for (const type of ['frame', 'room_closed', 'user_removed', 'user_renamed'] as const) {
      link.on(type, (announcement) => feeds.hear(announcement));
    }
    link.onGap(() => sweep.lookAtAll());
    // What was committed before the subscription began may have come to the log after its tail was read, unheard of.
    this.subscribed = (roomId) => void feeds.opened(roomId).then(() => sweep.lookAt(roomId));
    sweep.start();
    this.sweep = sweep;
  }

  stop(): void {
    this.sweep?.stop();
  }
}

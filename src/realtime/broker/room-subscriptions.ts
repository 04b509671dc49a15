import type { Cancel, Clock } from '../../common/clock';
import type { Broker } from './broker';

/** How long a room without followers stays subscribed: a reader who comes right back costs the broker nothing. */
const LET_GO_MS = 1000;

/** What a room is followed for. */
export type Follower = 'feed' | 'presence';

interface Subscription {
  followers: Set<Follower>;
  /** Resolves when the room's announcements come. */
  begun: Promise<void>;
  cancelLetGo: Cancel | null;
}

/** The rooms that this node hears of through the broker: from the first follower on, and a second after the last. */
export class RoomSubscriptions {
  private readonly rooms = new Map<number, Subscription>();

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  get count(): number {
    return this.rooms.size;
  }

  /** Resolves when the room's announcements come: those before may have been missed. Again, it changes nothing. */
  follow(roomId: number, follower: Follower): Promise<void> {
    let room = this.rooms.get(roomId);
    if (!room) {
      room = { followers: new Set(), begun: this.broker.subscribe(roomId), cancelLetGo: null };
      this.rooms.set(roomId, room);
    }
    room.cancelLetGo?.();
    room.cancelLetGo = null;
    room.followers.add(follower);
    return room.begun;
  }

  /** Whether the room is followed for this. */
  isFollowed(roomId: number, follower: Follower): boolean {
    return this.rooms.get(roomId)?.followers.has(follower) ?? false;
  }

  unfollow(roomId: number, follower: Follower): void {
    const room = this.rooms.get(roomId);
    if (!room?.followers.delete(follower) || room.followers.size > 0) return;
    room.cancelLetGo = this.clock.after(LET_GO_MS, () => {
      this.rooms.delete(roomId);
      this.broker.unsubscribe(roomId);
    });
  }
}

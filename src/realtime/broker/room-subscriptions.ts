import type { Cancel, Clock } from '../../common/clock';
import type { Broker } from './broker';

/** How long a room without readers stays subscribed: a reader who comes right back costs the broker nothing. */
const LET_GO_MS = 1000;

/** The rooms that this node hears of through the broker: from the first reader on, and a second after the last. */
export class RoomSubscriptions {
  private readonly rooms = new Set<number>();
  private readonly lettingGo = new Map<number, Cancel>();

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    /** Called when a room's announcements come from now on: those before it were missed. */
    private readonly subscribed: (roomId: number) => void,
  ) {}

  get count(): number {
    return this.rooms.size;
  }

  follow(roomId: number): void {
    this.lettingGo.get(roomId)?.();
    this.lettingGo.delete(roomId);
    if (this.rooms.has(roomId)) return;
    this.rooms.add(roomId);
    void this.broker.subscribe(roomId).then(() => this.subscribed(roomId));
  }

  unfollow(roomId: number): void {
    if (!this.rooms.has(roomId) || this.lettingGo.has(roomId)) return;
    const cancel = this.clock.after(LET_GO_MS, () => {
      this.lettingGo.delete(roomId);
      this.rooms.delete(roomId);
      this.broker.unsubscribe(roomId);
    });
    this.lettingGo.set(roomId, cancel);
  }
}

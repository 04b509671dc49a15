import type { Change } from '../room-log';
import type { RoomAnnouncement } from './announcement';

/** The other nodes, as the feeds see them. Nothing here may throw. */
export interface OtherNodes {
  /** This node wants to hear of a room: somebody reads it. */
  follow(roomId: number): void;
  /** Nobody reads it any more. */
  unfollow(roomId: number): void;
  tellChanges(changes: readonly Change[]): void;
  tell(announcement: RoomAnnouncement): void;
}

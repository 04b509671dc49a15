import type { Clock } from '../common/clock';
import type { PresenceState } from '../protocol/models';
import type { Connection } from './connection';
import type { ReaderWatcher } from './room-feeds';
import { type PresenceOptions, RoomPresence } from './room-presence';

/**
 * Who is present in which room: the users whose connections read it on this node, each once.
 *
 * A reader is counted from `enter` on, and gone with the feeds' word, after a grace: who reconnects within it was never
 * gone. Someone who lost the room is gone at once.
 */
export class Presence implements ReaderWatcher {
  private readonly rooms = new Map<number, RoomPresence>();

  constructor(
    private readonly clock: Clock,
    private readonly options: PresenceOptions,
  ) {}

  /** Counts a connection that reads the room, and shows it who is present. Call it when its join has been answered. */
  enter(connection: Connection, roomId: number): void {
    if (!connection.readers.has(roomId)) return;
    let room = this.rooms.get(roomId);
    if (!room) {
      room = new RoomPresence(roomId, this.clock, this.options, () => this.roomClosed(roomId));
      this.rooms.set(roomId, room);
    }
    room.enter(connection);
  }

  of(roomId: number): PresenceState {
    return this.rooms.get(roomId)?.state ?? { count: 0, users: [] };
  }

  /** The users who are present, those in their grace included. */
  userIds(roomId: number): number[] {
    return this.rooms.get(roomId)?.users.map(({ id }) => id) ?? [];
  }

  readerGone(roomId: number, connection: Connection): void {
    this.rooms.get(roomId)?.leave(connection);
  }

  userRemoved(roomId: number, userId: number): void {
    this.rooms.get(roomId)?.forget(userId);
  }

  roomClosed(roomId: number): void {
    this.rooms.get(roomId)?.close();
    this.rooms.delete(roomId);
  }

  userRenamed(userId: number, username: string): void {
    for (const room of this.rooms.values()) room.rename(userId, username);
  }
}

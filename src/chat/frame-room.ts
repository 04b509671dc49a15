import { ChatError } from '../common/chat-error';
import type { Connection } from '../realtime/connection';

/** The room that a frame is about; on a single-room socket no other may be named. */
export function roomOf(connection: Connection, frame: { room_id?: number | null }): number {
  const roomId = frame.room_id ?? connection.homeRoomId;
  if (roomId === null) throw ChatError.invalid('room_id', 'is needed on this socket');
  if (connection.homeRoomId !== null && roomId !== connection.homeRoomId) {
    throw ChatError.invalid('room_id', 'must be the room of this socket, or left out');
  }
  return roomId;
}

/** A frame about no room may name the one of its socket, and no other. */
export function requireOwnRoom(connection: Connection, frame: { room_id?: number | null }): void {
  if (frame.room_id != null) roomOf(connection, frame);
}

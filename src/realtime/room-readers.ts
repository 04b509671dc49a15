import type { CloseCode } from '../protocol/close-codes';
import type { ServerFrame } from '../protocol/frames';
import type { Connection } from './connection';
import { encodeFrame } from './fan-out';
import type { OpenFeeds } from './open-feeds';

/** The readers of rooms on this node: what all of them are told, and how they are sent away. */
export class RoomReaders {
  constructor(private readonly feeds: OpenFeeds) {}

  /** The users who read the room, each once. */
  userIds(roomId: number): number[] {
    const users = new Set<number>();
    this.feeds.get(roomId)?.eachReader(({ owner }) => users.add(owner.principal.userId));
    return [...users];
  }

  /** Writes a frame to all who can take it, encoded once. */
  show(roomId: number, frame: ServerFrame, exceptUserId: number | null): void {
    const feed = this.feeds.get(roomId);
    if (!feed || feed.readerCount === 0) return;
    const bytes = encodeFrame(frame);
    feed.eachReader(({ owner, hasBegun }) => {
      if (!hasBegun || owner.isCongested || owner.principal.userId === exceptUserId) return;
      owner.write(bytes);
    });
  }

  leave(connection: Connection, roomId: number): void {
    connection.readers.get(roomId)?.close();
    connection.readers.delete(roomId);
  }

  /** Sends readers away: all of the room's, or those of one user. */
  expel(roomId: number, frame: ServerFrame, code: CloseCode, reason: string, userId?: number): void {
    this.feeds.get(roomId)?.eachReader(({ owner }) => {
      if (userId !== undefined && owner.principal.userId !== userId) return;
      this.leave(owner, roomId);
      owner.send(frame);
      if (owner.homeRoomId === roomId) owner.close(code, reason);
    });
  }
}

import { Injectable } from '@nestjs/common';
import { NodeLink } from '../realtime/broker/node-link';
import { AccessCache } from './access-cache';
import { OpenReaders } from './open-readers';

/**
 * What follows, on every node, once somebody's rights in a room may be others: they are read anew, and on the other
 * nodes whoever reads the room is asked for. Call it after the commit, also when its outcome is unknown.
 */
@Injectable()
export class RightsChanges {
  constructor(
    private readonly cache: AccessCache,
    readers: OpenReaders,
    private readonly link: NodeLink,
  ) {
    link.on('rights_changed', ({ room_id, user_id }) => {
      this.drop(room_id, user_id);
      readers.checkRoom(room_id);
    });
    // Its readers may be told of it first, and come right back.
    link.on('user_removed', ({ room_id, user_id }) => this.drop(room_id, user_id));
    link.on('room_closed', ({ room_id }) => this.drop(room_id, null));
  }

  /** Of one user. */
  member(roomId: number, userId: number): void {
    this.spread(roomId, userId);
  }

  /** Of everybody. */
  room(roomId: number): void {
    this.spread(roomId, null);
  }

  private spread(roomId: number, userId: number | null): void {
    this.drop(roomId, userId);
    this.link.publish({ type: 'rights_changed', room_id: roomId, user_id: userId });
  }

  private drop(roomId: number, userId: number | null): void {
    if (userId === null) this.cache.dropRoom(roomId);
    else this.cache.dropMember(roomId, userId);
  }
}

import { Injectable } from '@nestjs/common';
import { chunks } from '../common/chunks';
import type { Recurring } from '../common/recurring';
import { CloseCode } from '../protocol/close-codes';
import { RegularLooks } from '../realtime/broker/regular-looks';
import { Presence } from '../realtime/presence';
import { RoomFeeds } from '../realtime/room-feeds';
import { AccessCache } from './access-cache';
import { type LostReader, type ReaderKey, ReaderRepository } from './reader.repository';

/** Rooms, or users in rooms, of one query. */
const CHUNK = 1_000;

/**
 * Looks whether those who read a room on this node, or are shown as present in it, still may.
 *
 * Whatever takes a right away moves on the version of the room's rights: rooms are asked for that, by primary key and
 * in chunks, and the readers of a room only if it has moved on since they were asked last. While nobody loses anything,
 * 10,000 readers cost one query for each thousand rooms that they read.
 */
@Injectable()
export class OpenReaders {
  private readonly rounds: Recurring;
  /** The version of its rights under which all readers of a room were judged. */
  private readonly judged = new Map<number, number>();
  /** Rooms of whose rights something has been heard. */
  private readonly heardOf = new Set<number>();
  private isHearing = false;

  constructor(
    private readonly readers: ReaderRepository,
    private readonly cache: AccessCache,
    private readonly feeds: RoomFeeds,
    private readonly presence: Presence,
    looks: RegularLooks,
  ) {
    this.rounds = looks.add('Open rooms', () => this.look());
  }

  /** Looks at a room whose rights are said to be others now; what is heard meanwhile of any room is one look more. */
  checkRoom(roomId: number): void {
    if (!this.feeds.isOpen(roomId) && this.presence.userIds(roomId).length === 0) return;
    this.heardOf.add(roomId);
    if (!this.isHearing) void this.lookAtHeardOf();
  }

  private async lookAtHeardOf(): Promise<void> {
    this.isHearing = true;
    try {
      while (this.heardOf.size > 0) {
        const roomIds = [...this.heardOf];
        this.heardOf.clear();
        for (const asked of chunks(roomIds, CHUNK)) await this.compare(asked);
      }
    } catch {
      // The rounds go on until the database answers.
      void this.rounds.hurry();
    }
    this.isHearing = false;
  }

  private async look(): Promise<void> {
    const open = new Set([...this.feeds.roomIds(), ...this.presence.roomIds()]);
    for (const roomId of this.judged.keys()) if (!open.has(roomId)) this.judged.delete(roomId);
    for (const roomIds of chunks([...open], CHUNK)) await this.compare(roomIds);
  }

  private async compare(roomIds: number[]): Promise<void> {
    const rooms = await this.readers.rightsOf(roomIds);
    const movedOn = new Map<number, number>();
    for (const roomId of roomIds) {
      const room = rooms.get(roomId);
      if (!room?.isActive) this.close(roomId);
      else if (room.accessVersion !== this.judged.get(roomId)) movedOn.set(roomId, room.accessVersion);
    }
    await this.judge(movedOn);
  }

  private async judge(versions: ReadonlyMap<number, number>): Promise<void> {
    const keys: ReaderKey[] = [];
    for (const roomId of versions.keys()) {
      // First: whoever becomes a reader from here on is let in by what is read from here on.
      this.cache.dropRoom(roomId);
      const userIds = new Set([...this.feeds.userIds(roomId), ...this.presence.userIds(roomId)]);
      for (const userId of userIds) keys.push({ roomId, userId });
    }
    for (const asked of chunks(keys, CHUNK)) {
      for (const lost of await this.readers.lostAmong(asked)) this.sendAway(lost);
    }
    for (const [roomId, version] of versions) this.judged.set(roomId, version);
  }

  private sendAway({ roomId, userId, isBanned }: LostReader): void {
    const reason = isBanned ? 'banned from the room' : 'removed from the room';
    const lost = { type: 'user_removed', room_id: roomId, user_id: userId } as const;
    this.feeds.hear({ ...lost, code: CloseCode.Forbidden, reason });
  }

  private close(roomId: number): void {
    this.cache.dropRoom(roomId);
    this.judged.delete(roomId);
    const frame = { type: 'room_closed', data: { room_id: roomId } } as const;
    this.feeds.hear({ type: 'room_closed', room_id: roomId, frame, code: CloseCode.RoomClosed });
  }
}

import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import type { ServerFrame } from '../protocol/frames';
import type { ReadState } from '../protocol/models';
import type { Connection } from '../realtime/connection';
import { RoomFeeds } from '../realtime/room-feeds';
import { OwnDevices } from './own-devices';
import { type ReadMark, ReadMarkRepository } from './read-mark.repository';
import { RoomAccess } from './room-access.service';

/** How far the members of a room have read in it. */
@Injectable()
export class ReadMarks {
  constructor(
    private readonly access: RoomAccess,
    private readonly marks: ReadMarkRepository,
    private readonly devices: OwnDevices,
    private readonly feeds: RoomFeeds,
    private readonly config: AppConfig,
  ) {}

  /**
   * Moves the mark up to a message; never back, and never past the newest. If it moves, all devices of the user hear
   * of it, but the one that is answered, and the readers of the room, unless it has many members.
   */
  async move(
    principal: Principal,
    roomId: number,
    messageId: number,
    answered?: Connection,
  ): Promise<ReadState> {
    const { userId } = principal;
    const moved = await this.marks.move(roomId, userId, messageId);
    const mark = moved ?? (await this.marks.find(roomId, userId));
    if (!mark) {
      await this.access.reading(principal, roomId);
      throw new ChatError('not_a_member', { roomId });
    }
    if (moved) this.tell(roomId, userId, moved, answered);
    return {
      last_read_id: mark.lastReadId,
      unread_count: mark.lastMessageId - mark.lastReadId,
      mention_count: mark.mentionCount,
    };
  }

  private tell(
    roomId: number,
    userId: number,
    { lastReadId, memberCount }: ReadMark,
    answered?: Connection,
  ): void {
    this.devices.tell([roomId, userId, lastReadId], answered);
    const data = { room_id: roomId, user_id: userId, message_id: lastReadId };
    const frame: ServerFrame = { type: 'read', data };
    if (memberCount <= this.config.limits.read_frames_max_members) {
      this.feeds.announce(roomId, frame, userId);
    }
  }
}

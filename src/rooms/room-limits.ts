import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { AppConfig } from '../config/app-config';
import type { LockedRoom } from './locked-room';

/**
 * How many rooms one may make and be in, and how many may be in one. Counted within the transaction that adds to them,
 * with the rows held that everybody else who adds has to hold: whoever comes at once is counted one after the other.
 *
 * Direct rooms count for nobody: others open them, too.
 */
@Injectable()
export class RoomLimits {
  constructor(private readonly config: AppConfig) {}

  /** Throws `limit_reached` if no more may come into the room, or the user may come into no more. Call it before `add`. */
  async requirePlace({ manager, key: { roomId, userId } }: LockedRoom): Promise<void> {
    const [room] = await manager.query<{ members: number }[]>(
      'SELECT member_count AS members FROM rooms WHERE id = $1',
      [roomId],
    );
    if (room!.members >= this.config.limits.room_members_max) {
      throw new ChatError('limit_reached', {
        roomId,
        message: 'The room has as many members as it may have.',
      });
    }
    await this.requireFewJoined(manager, userId);
  }

  /** Throws `limit_reached` if the user may make no more rooms, or be in no more. Holds the user from here to the commit. */
  async requireAnother(manager: EntityManager, userId: number): Promise<void> {
    await manager.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    const [made] = await manager.query<{ rooms: number }[]>(
      `SELECT count(*) AS rooms FROM rooms WHERE created_by = $1 AND is_active AND visibility <> 'direct'`,
      [userId],
    );
    if (made!.rooms >= this.config.limits.rooms_created_max) {
      throw new ChatError('limit_reached', {
        userId,
        message: 'This user has made as many rooms as one may.',
      });
    }
    await this.requireFewJoined(manager, userId);
  }

  private async requireFewJoined(manager: EntityManager, userId: number): Promise<void> {
    const [joined] = await manager.query<{ rooms: number }[]>(
      `SELECT count(*) AS rooms FROM room_members my JOIN rooms room ON room.id = my.room_id
        WHERE my.user_id = $1 AND room.is_active AND room.visibility <> 'direct'`,
      [userId],
    );
    if (joined!.rooms >= this.config.limits.rooms_joined_max) {
      throw new ChatError('limit_reached', {
        userId,
        message: 'This user is in as many rooms as one may be.',
      });
    }
  }
}

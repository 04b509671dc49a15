import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Takes a user out of all rooms. */
@Injectable()
export class MembershipRemoval {
  /**
   * Removes every membership of a user and counts the rooms down. The rooms are locked in id order first, as
   * appends to their logs do, so neither waits for the other in a circle.
   */
  async removeAll(userId: number, manager: EntityManager): Promise<void> {
    const rooms = await manager.query<{ id: number }[]>(
      `SELECT id FROM rooms WHERE id IN (SELECT room_id FROM room_members WHERE user_id = $1)
        ORDER BY id FOR NO KEY UPDATE`,
      [userId],
    );
    const roomIds = rooms.map((room) => room.id);
    await manager.query(
      `WITH removed AS (
         DELETE FROM room_members WHERE user_id = $1 AND room_id = ANY ($2) RETURNING room_id
       )
       UPDATE rooms SET member_count = member_count - 1, access_version = access_version + 1 FROM removed WHERE rooms.id = removed.room_id`,
      [userId, roomIds],
    );
  }
}

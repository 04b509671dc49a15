import { stillHolds } from './restriction-end';

/**
 * SQL for the ids of the rooms that a user may read at this moment: active ones that are public or that they are a
 * member of, and that they are not banned from. What `RoomAccess` decides for one room, for reads across all of them.
 *
 * @param userId how the statement names the user, such as `$1`
 */
export function readableRooms(userId: string): string {
  return `SELECT room.id FROM rooms room
     WHERE room.is_active
       AND (room.visibility = 'public' OR EXISTS (
         SELECT FROM room_members my WHERE my.room_id = room.id AND my.user_id = ${userId}))
       AND NOT EXISTS (
         SELECT FROM room_restrictions ban
          WHERE ban.room_id = room.id AND ban.user_id = ${userId} AND ban.kind = 'ban'
            AND ${stillHolds('ban')})`;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isoText, newMessage } from '../chat/message-row';
import type { Principal } from '../common/principal';
import type { RoomEvent } from '../protocol/room-events';
import type { Change } from '../realtime/room-log';

/** Who did it. */
export type EventActor = Pick<Principal, 'userId' | 'username'>;

/** Writes into a room's log what happened to the room, as system messages. */
@Injectable()
export class RoomEvents {
  /**
   * Numbers the event and stores it, within the transaction of what it tells of, which holds the room to the commit.
   * Like an author, an actor who had read everything has read it. Offer the change to `RoomFeeds` after the commit, never before.
   */
  async record(manager: EntityManager, roomId: number, actor: EventActor, event: RoomEvent): Promise<Change> {
    const [numbers] = await manager.query<{ id: number; seq: number; created_at: string }[]>(
      `WITH counted AS (
         UPDATE rooms
         SET last_seq = last_seq + 1, last_message_id = last_message_id + 1, last_message_at = clock_timestamp()
         WHERE id = $1
         RETURNING id AS room_id, last_message_id AS id, last_seq AS seq, last_message_at AS at
       ), stored AS (
         INSERT INTO messages (room_id, id, seq, kind, user_id, event, created_at)
         SELECT room_id, id, seq, 'system', $2, $3, at FROM counted
       ), followed AS (
         UPDATE room_members member SET last_read_id = counted.id FROM counted
         WHERE member.room_id = counted.room_id AND member.user_id = $2 AND member.last_read_id = counted.id - 1
       )
       SELECT id, seq, ${isoText('at')} AS created_at FROM counted`,
      [roomId, actor.userId, event],
    );
    const message = newMessage({
      ...numbers!,
      kind: 'system',
      room_id: roomId,
      user_id: actor.userId,
      username: actor.username,
      content: null,
      event,
      client_msg_id: null,
      reply_to_id: null,
    });
    return { roomId, seq: message.seq, type: 'message', message };
  }
}

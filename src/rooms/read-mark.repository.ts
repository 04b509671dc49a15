import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { unreadMentions } from './unread-mentions';

/** How far a member has read in an active room. */
export interface ReadMark {
  lastReadId: number;
  /** The newest message of the room. */
  lastMessageId: number;
  /** Messages behind the mark that mention the member. */
  mentionCount: number;
  memberCount: number;
}

const COLUMNS = `member.last_read_id AS "lastReadId", room.last_message_id AS "lastMessageId",
  room.member_count AS "memberCount",
  ${unreadMentions({ roomId: 'room.id', userId: 'member.user_id', mark: 'member.last_read_id' })} AS "mentionCount"`;

/** How far members have read their rooms. What is unread is counted from that, not stored. */
@Injectable()
export class ReadMarkRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Moves the mark forward to `messageId`, or to the newest message before it. Null if that moves nothing. */
  async move(roomId: number, userId: number, messageId: number): Promise<ReadMark | null> {
    const [rows] = await this.dataSource.query<[ReadMark[], number]>(
      `UPDATE room_members member
          SET last_read_id = least($3, room.last_message_id)
         FROM rooms room
        WHERE room.id = $1 AND room.is_active AND member.room_id = room.id AND member.user_id = $2
          AND last_read_id < least($3, room.last_message_id)
       RETURNING ${COLUMNS}`,
      [roomId, userId, messageId],
    );
    return rows[0] ?? null;
  }

  /** Null for someone who is not a member. */
  async find(roomId: number, userId: number): Promise<ReadMark | null> {
    const rows = await this.dataSource.query<ReadMark[]>(
      `SELECT ${COLUMNS} FROM room_members member JOIN rooms room ON room.id = member.room_id
        WHERE room.id = $1 AND room.is_active AND member.user_id = $2`,
      [roomId, userId],
    );
    return rows[0] ?? null;
  }
}

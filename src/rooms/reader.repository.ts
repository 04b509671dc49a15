import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { stillHolds } from './restriction-end';

/** A user as a reader of a room. */
export interface ReaderKey {
  roomId: number;
  userId: number;
}

/** A user who may read the room no more. */
export interface LostReader extends ReaderKey {
  isBanned: boolean;
}

/** What of a room decides whether its readers have to be asked for. */
export interface RoomRights {
  isActive: boolean;
  accessVersion: number;
}

/** Who may go on reading, asked for many at once and by primary keys alone. */
@Injectable()
export class ReaderRepository {
  constructor(private readonly database: DataSource) {}

  /** By room; those that are not there are left out. */
  async rightsOf(roomIds: number[]): Promise<Map<number, RoomRights>> {
    const rows = await this.database.query<(RoomRights & { id: number })[]>(
      `SELECT id, is_active AS "isActive", access_version AS "accessVersion" FROM rooms WHERE id = ANY ($1::int[])`,
      [roomIds],
    );
    return new Map(rows.map(({ id, ...rights }) => [id, rights]));
  }

  /** Those of the readers who are banned, or strangers to a room that is not public. */
  async lostAmong(readers: readonly ReaderKey[]): Promise<LostReader[]> {
    return this.database.query<LostReader[]>(
      `SELECT reader.room_id AS "roomId", reader.user_id AS "userId", ban.user_id IS NOT NULL AS "isBanned"
         FROM unnest($1::int[], $2::int[]) AS reader (room_id, user_id)
         JOIN rooms room ON room.id = reader.room_id
         LEFT JOIN room_members member ON member.room_id = reader.room_id AND member.user_id = reader.user_id
         LEFT JOIN room_restrictions ban
           ON ban.room_id = reader.room_id AND ban.user_id = reader.user_id AND ban.kind = 'ban'
          AND ${stillHolds('ban')}
        WHERE ban.user_id IS NOT NULL OR (room.visibility <> 'public' AND member.user_id IS NULL)`,
      [readers.map(({ roomId }) => roomId), readers.map(({ userId }) => userId)],
    );
  }
}

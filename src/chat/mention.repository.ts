import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { RoomVisibility } from '../protocol/models';

/** Whom a name in a message may mean. */
@Injectable()
export class MentionRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * The ids of those of the names (in lower case) who may be mentioned in a room: its members; in a public one everyone
   * with an active account.
   */
  async findIds(
    { roomId, visibility }: { roomId: number; visibility: RoomVisibility },
    names: readonly string[],
  ): Promise<Map<string, number>> {
    const isMember = 'AND EXISTS (SELECT FROM room_members m WHERE m.room_id = $2 AND m.user_id = u.id)';
    const rows = await this.dataSource.query<{ id: number; name: string }[]>(
      `SELECT u.id, lower(u.username) AS name FROM users u
        WHERE lower(u.username) = ANY ($1::text[]) AND u.is_active ${visibility === 'public' ? '' : isMember}`,
      visibility === 'public' ? [names] : [names, roomId],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }
}

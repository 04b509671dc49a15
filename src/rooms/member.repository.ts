import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LivingUser } from '../users/user-view';
import { UserEntity } from '../users/user.entity';
import { LockedRoom } from './locked-room';
import { RoomMemberEntity } from './room-member.entity';

/** A member with their account. */
export interface MemberRow {
  member: RoomMemberEntity;
  user: LivingUser;
}

type MemberWithUser = RoomMemberEntity & { user: LivingUser };

/** Who is in which room. Whatever changes that goes through a `LockedRoom`. */
@Injectable()
export class MemberRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Members with a user id above `after`, by user id. */
  async page(roomId: number, after: number, limit: number): Promise<MemberRow[]> {
    const members = (await this.dataSource
      .getRepository(RoomMemberEntity)
      .createQueryBuilder('member')
      .innerJoinAndMapOne('member.user', UserEntity, 'user', 'user.id = member.userId')
      .where('member.roomId = :roomId AND member.userId > :after', { roomId, after })
      .orderBy('member.userId')
      .limit(limit)
      .getMany()) as MemberWithUser[];
    return members.map((member) => ({ member, user: member.user }));
  }

  /** Those of the users who are not members. */
  async strangersAmong(roomId: number, userIds: number[]): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>(
      `SELECT id FROM unnest($2::int[]) AS id
        WHERE NOT EXISTS (SELECT FROM room_members WHERE room_id = $1 AND user_id = id)`,
      [roomId, userIds],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Runs `change` with the room held, and commits: until then nobody else changes its members or appends to
   * its log, so what `change` counts stays true. Keep it short. Throws `room_not_found` for an archived room.
   *
   * The user is held before the room, so an account that is being deleted gains no membership.
   */
  changing<T>(roomId: number, userId: number, change: (room: LockedRoom) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) =>
      change(await LockedRoom.lock(manager, roomId, userId)),
    );
  }
}

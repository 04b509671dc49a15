import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LivingUser } from '../users/user-view';
import { UserEntity } from '../users/user.entity';
import { type RestrictionKind, RoomRestrictionEntity } from './room-restriction.entity';

/** A restriction with the account of the one it keeps from something. */
export interface RestrictionRow {
  restriction: RoomRestrictionEntity;
  user: LivingUser;
}

type RestrictionWithUser = RoomRestrictionEntity & { user: LivingUser };

/** Bans and mutes as lists. Whatever changes them goes through a `LockedRoom`. */
@Injectable()
export class RestrictionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that hold at this moment, of users with an id above `after` who still have an account, by user id. */
  async page(roomId: number, kind: RestrictionKind, after: number, limit: number): Promise<RestrictionRow[]> {
    const restrictions = (await this.dataSource
      .getRepository(RoomRestrictionEntity)
      .createQueryBuilder('restriction')
      .innerJoinAndMapOne(
        'restriction.user',
        UserEntity,
        'user',
        'user.id = restriction.userId AND user.deletedAt IS NULL',
      )
      .where({ roomId, kind })
      .andWhere('restriction.userId > :after', { after })
      .andWhere('(restriction.endsAt IS NULL OR restriction.endsAt > clock_timestamp())')
      .orderBy('restriction.userId')
      .limit(limit)
      .getMany()) as RestrictionWithUser[];
    return restrictions.map((restriction) => ({ restriction, user: restriction.user }));
  }
}

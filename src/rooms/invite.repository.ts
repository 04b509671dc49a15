import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RoomInviteEntity } from './room-invite.entity';

export type InviteDraft = Pick<
  RoomInviteEntity,
  'roomId' | 'codeHash' | 'maxUses' | 'expiresAt' | 'createdBy'
>;

/** What can still be used. */
const LIVING = `(max_uses IS NULL OR uses < max_uses) AND (expires_at IS NULL OR expires_at > clock_timestamp())`;

/** The invites of rooms, and what is left of their uses. */
@Injectable()
export class InviteRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that can still be used, by id. */
  living(roomId: number, manager = this.dataSource.manager): Promise<RoomInviteEntity[]> {
    return manager
      .createQueryBuilder(RoomInviteEntity, 'invite')
      .where({ roomId })
      .andWhere(LIVING)
      .orderBy('invite.id')
      .getMany();
  }

  async insert(draft: InviteDraft, manager: EntityManager): Promise<RoomInviteEntity> {
    return manager.save(manager.create(RoomInviteEntity, draft));
  }

  /** Tells whether the room had such an invite. */
  async delete(roomId: number, id: number, manager: EntityManager): Promise<boolean> {
    const { affected } = await manager.delete(RoomInviteEntity, { roomId, id });
    return affected === 1;
  }

  /** Also one that can no longer be used. */
  findByHash(codeHash: Buffer): Promise<RoomInviteEntity | null> {
    return this.dataSource.manager.findOneBy(RoomInviteEntity, { codeHash });
  }

  /** Counts one use, unless there is none left; tells whether it did. */
  async use(id: number, manager: EntityManager): Promise<boolean> {
    const [, used] = await manager.query<[unknown[], number]>(
      `UPDATE room_invites SET uses = uses + 1 WHERE id = $1 AND ${LIVING}`,
      [id],
    );
    return used === 1;
  }
}

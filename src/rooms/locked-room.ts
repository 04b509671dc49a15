import { type EntityManager, IsNull } from 'typeorm';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import type { MemberRole, RoomVisibility } from '../protocol/models';
import type { LivingUser } from '../users/user-view';
import { UserEntity } from '../users/user.entity';
import { RoomMemberEntity } from './room-member.entity';
import { type RestrictionKind, RoomRestrictionEntity } from './room-restriction.entity';
import { RoomEntity } from './room.entity';
import { type Judged, judge, type Rule } from './standing';

/**
 * A room and one user, held by a transaction: what is read here stays true until it ends.
 *
 * Rows are locked in one order everywhere: users, then rooms, then members. Each step is a
 * statement of its own, because a statement that waited for a lock does not see what the
 * lock's previous holder has just committed.
 */
export class LockedRoom {
  private constructor(
    /** Its transaction, for what else has to be true together with the change. */
    readonly manager: EntityManager,
    readonly key: Readonly<{ roomId: number; userId: number }>,
    readonly visibility: RoomVisibility,
    /** Null if there is no such account, or no longer. */
    private readonly account: LivingUser | null,
  ) {}

  /** Waits for whoever holds them. Throws `room_not_found` if there is no such active room. */
  static async lock(manager: EntityManager, roomId: number, userId: number): Promise<LockedRoom> {
    const account = await manager.findOne(UserEntity, {
      where: { id: userId, deletedAt: IsNull() },
      // Nobody else adds the user to a room meanwhile: rooms are counted.
      lock: { mode: 'for_no_key_update' },
    });
    const [room] = await manager.query<{ visibility: RoomVisibility }[]>(
      'SELECT visibility FROM rooms WHERE id = $1 AND is_active FOR NO KEY UPDATE',
      [roomId],
    );
    if (!room) throw new ChatError('room_not_found', { roomId });
    return new LockedRoom(manager, { roomId, userId }, room.visibility, account as LivingUser | null);
  }

  /** Members come and go in private without anyone else seeing it, so the log tells of it. */
  get tellsOfMembers(): boolean {
    return this.visibility !== 'public';
  }

  /** Judges whoever wants to change something here, by what they are now. */
  judge(actor: Principal, rule: Rule): Promise<Judged> {
    return judge(this.manager, { id: this.key.roomId, visibility: this.visibility }, actor, rule);
  }

  /** Throws `user_not_found` for an account that does not exist, or was deleted. */
  requireUser(): LivingUser {
    if (!this.account) throw new ChatError('user_not_found', { userId: this.key.userId });
    return this.account;
  }

  /** The same, and for one that was deactivated. */
  requireActiveUser(): LivingUser {
    const user = this.requireUser();
    if (!user.isActive) throw new ChatError('user_not_found', { userId: user.id });
    return user;
  }

  /** What the user may not do here at this moment; null if nothing of the kind was ordered, or it is over. */
  restriction(kind: RestrictionKind): Promise<RoomRestrictionEntity | null> {
    return this.manager
      .createQueryBuilder(RoomRestrictionEntity, 'restriction')
      .where({ ...this.key, kind })
      .andWhere('(restriction.endsAt IS NULL OR restriction.endsAt > clock_timestamp())')
      .getOne();
  }

  /** Orders it, or orders it anew with another reason or end. */
  async restrict(
    order: Pick<RoomRestrictionEntity, 'kind' | 'reason' | 'endsAt' | 'createdBy'>,
  ): Promise<void> {
    const createdAt = () => 'clock_timestamp()';
    await this.manager.upsert(RoomRestrictionEntity, { ...this.key, ...order, createdAt }, [
      'roomId',
      'userId',
      'kind',
    ]);
    await this.outdateRights();
  }

  async lift(kind: RestrictionKind): Promise<void> {
    await this.manager.delete(RoomRestrictionEntity, { ...this.key, kind });
  }

  /** The user's membership with their account; null for a stranger. */
  async member(): Promise<{ member: RoomMemberEntity; user: LivingUser } | null> {
    const member = await this.manager.findOneBy(RoomMemberEntity, this.key);
    return member && this.account && { member, user: this.account };
  }

  /** Throws `last_owner` if the room has no owner beside the user. */
  async requireAnotherOwner(): Promise<void> {
    const { roomId, userId } = this.key;
    const owners = await this.manager.query<unknown[]>(
      `SELECT FROM room_members WHERE room_id = $1 AND user_id <> $2 AND role = 'owner' LIMIT 1`,
      [roomId, userId],
    );
    if (owners.length === 0) throw new ChatError('last_owner', { roomId, userId });
  }

  /** Adds the user, who counts as having read what was written before. False if already a member. */
  async add(role: MemberRole): Promise<boolean> {
    const [, added] = await this.manager.query<[unknown[], number]>(
      `WITH added AS (
         INSERT INTO room_members (room_id, user_id, role, last_read_id)
         SELECT id, $2, $3, last_message_id FROM rooms WHERE id = $1
         ON CONFLICT DO NOTHING RETURNING room_id)
       UPDATE rooms SET member_count = member_count + 1 FROM added WHERE rooms.id = added.room_id`,
      [this.key.roomId, this.key.userId, role],
    );
    return added === 1;
  }

  async setRole(role: MemberRole): Promise<void> {
    await this.manager.update(RoomMemberEntity, this.key, { role });
    await this.outdateRights();
  }

  async remove(): Promise<void> {
    await this.manager.query(
      `WITH gone AS (DELETE FROM room_members WHERE room_id = $1 AND user_id = $2 RETURNING room_id)
       UPDATE rooms SET member_count = member_count - 1 FROM gone WHERE rooms.id = gone.room_id`,
      [this.key.roomId, this.key.userId],
    );
    await this.outdateRights();
  }

  /** Somebody loses a right: from the commit on, the log believes nobody who was found entitled before. */
  async outdateRights(): Promise<void> {
    await this.manager.increment(RoomEntity, { id: this.key.roomId }, 'accessVersion', 1);
  }
}

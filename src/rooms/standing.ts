import type { EntityManager } from 'typeorm';
import type { Principal } from '../common/principal';
import type { MemberRole } from '../protocol/models';
import { stillHolds } from './restriction-end';
import type { RoomMemberEntity } from './room-member.entity';
import { restriction } from './room-view';
import type { RoomEntity } from './room.entity';

/** What somebody is in a room, as far as the rules ask. */
export interface Standing {
  room: Pick<RoomEntity, 'id' | 'visibility'>;
  /** Null unless they are a member. */
  my: Pick<RoomMemberEntity, 'role'> | null;
  /** Whether they are kept out. */
  isBanned: boolean;
}

/** Throws unless somebody of that standing may do it; null where there is no such room. */
export type Rule = (standing: Standing | null, principal: Principal, roomId: number) => void;

/** Who passed a rule, with the role of that moment, and what they are in the room. */
export interface Judged {
  actor: Principal;
  standing: Standing;
}

/**
 * Judges an actor within a transaction that holds the room, so that what they are there stays true to its commit: what
 * they were before it waited for the room may have been taken from them meanwhile. Throws what the rule throws.
 */
export async function judge(
  manager: EntityManager,
  room: Standing['room'],
  principal: Principal,
  rule: Rule,
): Promise<Judged> {
  const [row] = await manager.query<
    { userRole: Principal['role']; role: MemberRole | null; isBanned: boolean }[]
  >(
    `SELECT account.role AS "userRole", member.role, ban.kind IS NOT NULL AS "isBanned"
       FROM users account
       JOIN rooms room ON room.id = $1
       LEFT JOIN room_members member ON member.room_id = room.id AND member.user_id = account.id
       ${restriction('ban', 'account.id')} AND ${stillHolds('ban')}
      WHERE account.id = $2`,
    [room.id, principal.userId],
  );
  const { userRole, role, isBanned } = row!;
  const actor = { ...principal, role: userRole };
  const standing = { room, my: role && { role }, isBanned };
  rule(standing, actor, room.id);
  return { actor, standing };
}

import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AuditLog } from '../moderation/audit-log';
import type { Restriction, RestrictionPage } from '../protocol/models';
import type { LockedRoom } from './locked-room';
import { MemberChanges } from './member-changes';
import { toRestriction } from './room-models';
import { RestrictionRepository } from './restriction.repository';
import type { RestrictionKind } from './room-restriction.entity';
import { requireChanger, requireRestrictor } from './room-rules';
import { RoomRepository } from './room.repository';

/** A ban or a mute as somebody orders it. */
export interface RestrictionOrder {
  kind: RestrictionKind;
  reason: string | null;
  /** Null: until it is lifted. */
  until: Date | null;
}

/** Bans, which take a user out of a room and keep them out, and mutes. Both outlive the membership. */
@Injectable()
export class RestrictionService {
  constructor(
    private readonly rooms: RoomRepository,
    private readonly restrictions: RestrictionRepository,
    private readonly changes: MemberChanges,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Those that hold at this moment, by user id; for whoever may order them. */
  async list(
    principal: Principal,
    roomId: number,
    kind: RestrictionKind,
    { after, limit }: { after: number; limit: number },
  ): Promise<RestrictionPage> {
    requireChanger(await this.rooms.find(roomId, principal.userId), principal, roomId);
    const rows = await this.restrictions.page(roomId, kind, after, limit + 1);
    const restrictions = rows
      .slice(0, limit)
      .map(({ restriction, user }) => toRestriction(restriction, user));
    const has_more = rows.length > limit;
    return { restrictions, has_more, next_cursor: has_more ? restrictions[limit - 1]!.user.id : null };
  }

  /** Ordered again with the same reason and end, it changes nothing. Throws `last_owner` for a ban of that one. */
  async restrict(
    principal: Principal,
    roomId: number,
    userId: number,
    order: RestrictionOrder,
  ): Promise<Restriction> {
    requireChanger(await this.rooms.find(roomId, principal.userId), principal, roomId);
    const { kind, reason, until } = order;
    if (until && until.getTime() <= this.clock.now())
      throw ChatError.invalid('until', 'must lie in the future');

    const target = { roomId, userId, actor: principal };
    const { restriction, news } = await this.changes.commit(target, async (room, record) => {
      const { user, role } = await targetOf(room, principal);
      const before = await room.restriction(kind);
      const isSame = before?.reason === reason && before.endsAt?.getTime() === until?.getTime();
      if (before && isSame) return { restriction: toRestriction(before, user), news: null };

      if (kind === 'ban' && role !== null) {
        if (role === 'owner') await room.requireAnotherOwner();
        await room.remove();
      }
      await room.restrict({ kind, reason, endsAt: until, createdBy: principal.userId });
      const event = { user_id: user.id, until: until?.toISOString() ?? null };
      await this.audit.record(room.manager, {
        action: kind === 'ban' ? 'member.banned' : 'member.muted',
        actorId: principal.userId,
        targetUserId: userId,
        roomId,
        reason,
        details: { until: event.until },
      });
      await record(
        kind === 'ban' ? { type: 'member_banned', ...event, reason } : { type: 'member_muted', ...event },
      );
      const restriction = toRestriction((await room.restriction(kind))!, user);
      return { restriction, news: { user, role: kind === 'ban' ? null : role } };
    });
    if (news) this.changes.tell(roomId, { ...news, change: kind === 'ban' ? 'banned' : 'muted' });
    return restriction;
  }

  /** Lifting what is not there, or over, does nothing. */
  async lift(principal: Principal, roomId: number, userId: number, kind: RestrictionKind): Promise<void> {
    requireChanger(await this.rooms.find(roomId, principal.userId), principal, roomId);

    const target = { roomId, userId, actor: principal };
    const news = await this.changes.commit(target, async (room, record) => {
      const { user, role } = await targetOf(room, principal);
      if (!(await room.restriction(kind))) return null;
      await room.lift(kind);
      await this.audit.record(room.manager, {
        action: kind === 'ban' ? 'member.unbanned' : 'member.unmuted',
        actorId: principal.userId,
        targetUserId: userId,
        roomId,
      });
      const type = kind === 'ban' ? 'member_unbanned' : 'member_unmuted';
      await record({ type, user_id: user.id });
      return { user, role };
    });
    if (news) this.changes.tell(roomId, { ...news, change: kind === 'ban' ? 'unbanned' : 'unmuted' });
  }
}

/** The user concerned and their role, if the caller may restrict them. */
async function targetOf(room: LockedRoom, principal: Principal) {
  const judged = await room.judge(principal, requireChanger);
  const user = room.requireUser();
  const role = (await room.member())?.member.role ?? null;
  requireRestrictor(judged, { user, role });
  return { user, role };
}

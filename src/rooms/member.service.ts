import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AuditLog } from '../moderation/audit-log';
import type { Member, MemberPage, MemberRole, Room } from '../protocol/models';
import type { LockedRoom } from './locked-room';
import { MemberChanges } from './member-changes';
import { MemberRepository, type MemberRow } from './member.repository';
import { RoomLimits } from './room-limits';
import { toMember, toRoom } from './room-models';
import { requireChanger, requireMover, requireVisible } from './room-rules';
import type { RoomView } from './room-view';
import { RoomRepository } from './room.repository';

/**
 * Who is in a room and in which role.
 *
 * A room always keeps an owner. Every change is decided with the room's row held, so two at
 * once are decided one after the other, and told to the room's readers after its commit.
 */
@Injectable()
export class MemberService {
  constructor(
    private readonly rooms: RoomRepository,
    private readonly members: MemberRepository,
    private readonly audit: AuditLog,
    private readonly changes: MemberChanges,
    private readonly limits: RoomLimits,
    private readonly clock: Clock,
  ) {}

  /** Gives the room with the membership in it; joining twice is joining once. Throws `limit_reached`. */
  async join(principal: Principal, roomId: number): Promise<Room> {
    const view = await this.visible(principal, roomId);
    if (view.my) return toRoom(view, this.clock.now());

    const user = { id: principal.userId, username: principal.username };
    const target = { roomId, userId: principal.userId, actor: principal };
    const hasJoined = await this.changes.commit(target, async (room) => {
      if (room.visibility !== 'public') throw new ChatError('room_not_found', { roomId });
      room.requireActiveUser();
      if (await room.restriction('ban')) throw new ChatError('banned', { roomId });
      if (await room.member()) return false;
      await this.limits.requirePlace(room);
      return room.add('member');
    });
    if (hasJoined) this.changes.tell(roomId, { user, role: 'member', change: 'joined' });
    return toRoom(await this.visible(principal, roomId), this.clock.now());
  }

  /** Leaving a room that one is not in does nothing. */
  async leave(principal: Principal, roomId: number): Promise<void> {
    const view = await this.visible(principal, roomId);
    if (!view.my) return;

    // A conversation of two stays one.
    if (view.room.visibility === 'direct') throw new ChatError('forbidden', { roomId });
    const target = { roomId, userId: principal.userId, actor: principal };
    const gone = await this.changes.commit(target, async (room, record) => {
      const gone = await remove(room);
      if (gone && room.tellsOfMembers) await record({ type: 'member_left', ...concerned(gone) });
      return gone;
    });
    if (gone) this.changes.tell(roomId, { user: gone.user, role: null, change: 'left' });
  }

  /** Members by user id. */
  async list(principal: Principal, roomId: number, after: number, limit: number): Promise<MemberPage> {
    await this.visible(principal, roomId);
    const rows = await this.members.page(roomId, after, limit + 1);
    const members = rows.slice(0, limit).map(toMember);
    const has_more = rows.length > limit;
    return { members, has_more, next_cursor: has_more ? members[limit - 1]!.user.id : null };
  }

  /** Adds a user, or changes their role. Throws `limit_reached`. */
  async setRole(
    principal: Principal,
    roomId: number,
    userId: number,
    role: MemberRole,
  ): Promise<{ member: Member; isNew: boolean }> {
    requireChanger(await this.rooms.find(roomId, principal.userId), principal, roomId);

    const act = { actorId: principal.userId, targetUserId: userId, roomId };
    const target = { roomId, userId, actor: principal };
    const { before, row } = await this.changes.commit(target, async (room, record) => {
      const judged = await room.judge(principal, requireChanger);
      const before = (await room.member())?.member.role ?? null;
      requireMover(judged, before, role);
      if (before === null) {
        const { id } = room.requireActiveUser();
        if (await room.restriction('ban')) throw new ChatError('user_banned', { roomId, userId });
        await this.limits.requirePlace(room);
        // Before the user is a member: nobody has their own arrival to read.
        if (room.tellsOfMembers) await record({ type: 'member_added', user_id: id, role });
        await room.add(role);
        await this.audit.record(room.manager, { ...act, action: 'member.added', details: { role } });
      } else if (before !== role) {
        if (before === 'owner') await room.requireAnotherOwner();
        await room.setRole(role);
        const details = { from: before, to: role };
        await this.audit.record(room.manager, { ...act, action: 'member.role_changed', details });
      }
      const row = (await room.member())!;
      if (before !== null && before !== role) {
        await record({ type: 'role_changed', ...concerned(row), from: before, to: role });
      }
      return { before, row };
    });
    if (before !== role) {
      const change = before === null ? 'added' : 'role_changed';
      this.changes.tell(roomId, { user: row.user, role, change });
    }
    return { member: toMember(row), isNew: before === null };
  }

  /** Removing someone who is not a member does nothing. */
  async remove(principal: Principal, roomId: number, userId: number): Promise<void> {
    requireChanger(await this.rooms.find(roomId, principal.userId), principal, roomId);

    const act = { actorId: principal.userId, targetUserId: userId, roomId };
    const target = { roomId, userId, actor: principal };
    const gone = await this.changes.commit(target, async (room, record) => {
      const judged = await room.judge(principal, requireChanger);
      const gone = await remove(room, (role) => requireMover(judged, role, null));
      if (!gone) return null;
      const { role } = gone.member;
      if (room.tellsOfMembers) await record({ type: 'member_removed', ...concerned(gone), role });
      await this.audit.record(room.manager, { ...act, action: 'member.removed', details: { role } });
      return gone;
    });
    if (gone) this.changes.tell(roomId, { user: gone.user, role: null, change: 'removed' });
  }

  private async visible(principal: Principal, roomId: number): Promise<RoomView> {
    const view = await this.rooms.find(roomId, principal.userId);
    requireVisible(view, roomId);
    return view;
  }
}

function concerned({ user }: MemberRow): { user_id: number } {
  return { user_id: user.id };
}

/** Gives who was removed; null if nobody was there to remove. */
async function remove(
  room: LockedRoom,
  require: (role: MemberRole) => void = () => undefined,
): Promise<MemberRow | null> {
  const row = await room.member();
  if (!row) return null;
  require(row.member.role);
  if (row.member.role === 'owner') await room.requireAnotherOwner();
  await room.remove();
  return row;
}

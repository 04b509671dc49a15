import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AuditLog } from '../moderation/audit-log';
import { CloseCode } from '../protocol/close-codes';
import { type Member, type MemberPage, type MemberRole, type Room } from '../protocol/models';
import { RoomFeeds } from '../realtime/room-feeds';
import { AccessCache } from './access-cache';
import type { LockedRoom } from './locked-room';
import { MemberRepository, type MemberRow } from './member.repository';
import { type MemberChange, memberUpdated, toMember, toRoom } from './room-models';
import { requireChanger, requireMover, requireVisible } from './room-rules';
import { RoomRepository, type RoomView } from './room.repository';

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
    private readonly cache: AccessCache,
    private readonly feeds: RoomFeeds,
    private readonly clock: Clock,
  ) {}

  /** Gives the room with the membership in it; joining twice is joining once. */
  async join(principal: Principal, roomId: number): Promise<Room> {
    const view = await this.visible(principal, roomId);
    if (view.my) return toRoom(view, this.clock.now());

    const hasJoined = await this.change(roomId, principal.userId, async (room) => {
      if (room.visibility !== 'public') throw new ChatError('room_not_found', { roomId });
      room.requireActiveUser();
      return room.add('member');
    });
    if (hasJoined) this.tell(roomId, principal.userId, principal.username, 'member', 'joined');
    return toRoom(await this.visible(principal, roomId), this.clock.now());
  }

  /** Leaving a room that one is not in does nothing. */
  async leave(principal: Principal, roomId: number): Promise<void> {
    const view = await this.visible(principal, roomId);
    if (!view.my) return;

    const gone = await this.change(roomId, principal.userId, (room) => remove(room));
    if (gone) this.sendAway(gone, 'left', CloseCode.Normal);
  }

  /** Members by user id. */
  async list(principal: Principal, roomId: number, after: number, limit: number): Promise<MemberPage> {
    await this.visible(principal, roomId);
    const rows = await this.members.page(roomId, after, limit + 1);
    const members = rows.slice(0, limit).map(toMember);
    const has_more = rows.length > limit;
    return { members, has_more, next_cursor: has_more ? members[limit - 1]!.user.id : null };
  }

  /** Adds a user, or changes their role. */
  async setRole(
    principal: Principal,
    roomId: number,
    userId: number,
    role: MemberRole,
  ): Promise<{ member: Member; isNew: boolean }> {
    const view = await this.rooms.find(roomId, principal.userId);
    requireChanger(view, principal, roomId);

    const act = { actorId: principal.userId, targetUserId: userId, roomId };
    const { before, row } = await this.change(roomId, userId, async (room) => {
      const before = (await room.member())?.member.role ?? null;
      requireMover(view, principal, before, role);
      if (before === null) {
        room.requireActiveUser();
        await room.add(role);
        await this.audit.record(room.manager, { ...act, action: 'member.added', details: { role } });
      } else if (before !== role) {
        if (before === 'owner') await room.requireAnotherOwner();
        await room.setRole(role);
        const details = { from: before, to: role };
        await this.audit.record(room.manager, { ...act, action: 'member.role_changed', details });
      }
      return { before, row: (await room.member())! };
    });
    if (before !== role) {
      this.tell(roomId, userId, row.user.username, role, before === null ? 'added' : 'role_changed');
    }
    return { member: toMember(row), isNew: before === null };
  }

  /** Removing someone who is not a member does nothing. */
  async remove(principal: Principal, roomId: number, userId: number): Promise<void> {
    const view = await this.rooms.find(roomId, principal.userId);
    requireChanger(view, principal, roomId);

    const act = { actorId: principal.userId, targetUserId: userId, roomId };
    const gone = await this.change(roomId, userId, async (room) => {
      const gone = await remove(room, (role) => requireMover(view, principal, role, null));
      const details = { role: gone?.member.role };
      if (gone) await this.audit.record(room.manager, { ...act, action: 'member.removed', details });
      return gone;
    });
    if (gone) this.sendAway(gone, 'removed', CloseCode.Forbidden);
  }

  private async visible(principal: Principal, roomId: number): Promise<RoomView> {
    const view = await this.rooms.find(roomId, principal.userId);
    requireVisible(view, roomId);
    return view;
  }

  private async change<T>(
    roomId: number,
    userId: number,
    change: (room: LockedRoom) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.members.changing(roomId, userId, change);
    } finally {
      // Also after an error: a connection lost during the commit leaves open what was stored.
      this.cache.dropMember(roomId, userId);
    }
  }

  private sendAway({ member, user }: MemberRow, change: 'left' | 'removed', code: CloseCode): void {
    const reason = change === 'left' ? 'left the room' : 'removed from the room';
    this.feeds.removeUser(member.roomId, member.userId, code, reason);
    this.tell(member.roomId, member.userId, user.username, null, change);
  }

  private tell(
    roomId: number,
    userId: number,
    username: string,
    role: MemberRole | null,
    change: MemberChange,
  ): void {
    this.feeds.announce(roomId, memberUpdated(roomId, { id: userId, username }, role, change));
  }
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

import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import { AuditLog } from '../moderation/audit-log';
import type { Invite, NewInvite } from '../protocol/invites';
import type { Room } from '../protocol/models';
import { createInviteCode, inviteCodeHash } from './invite-code';
import { InviteRepository } from './invite.repository';
import { MemberChanges } from './member-changes';
import { MemberRepository } from './member.repository';
import type { RoomInviteEntity } from './room-invite.entity';
import { RoomLimits } from './room-limits';
import { requireInviter } from './room-rules';
import { RoomRepository } from './room.repository';
import { RoomService } from './room.service';

/** Invites: whoever has the code of one becomes a member, as often and as long as it says. */
@Injectable()
export class InviteService {
  constructor(
    private readonly rooms: RoomRepository,
    private readonly roomViews: RoomService,
    private readonly invites: InviteRepository,
    private readonly changes: MemberChanges,
    private readonly limits: RoomLimits,
    private readonly members: MemberRepository,
    private readonly audit: AuditLog,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** Throws `limit_reached` if the room has as many as it may have. */
  async create(
    principal: Principal,
    roomId: number,
    { maxUses, expiresAt }: { maxUses: number | null; expiresAt: Date | null },
  ): Promise<NewInvite> {
    await this.requireInviter(principal, roomId);
    if (expiresAt && expiresAt.getTime() <= this.clock.now()) {
      throw ChatError.invalid('expires_at', 'must lie in the future');
    }
    const { userId: createdBy } = principal;
    const { code, hash: codeHash } = createInviteCode();
    const invite = await this.members.changing(roomId, createdBy, async (room) => {
      await room.judge(principal, requireInviter);
      const { manager } = room;
      const living = await this.invites.living(roomId, manager);
      if (living.length >= this.config.limits.invites_max) throw new ChatError('limit_reached', { roomId });
      const invite = await this.invites.insert({ roomId, codeHash, maxUses, expiresAt, createdBy }, manager);
      await this.audit.record(manager, {
        action: 'invite.created',
        actorId: createdBy,
        roomId,
        details: { invite_id: invite.id, max_uses: maxUses, expires_at: expiresAt?.toISOString() ?? null },
      });
      return invite;
    });
    return { ...toInvite(invite), code };
  }

  /** Those that can still be used, without their codes. */
  async list(principal: Principal, roomId: number): Promise<Invite[]> {
    await this.requireInviter(principal, roomId);
    return (await this.invites.living(roomId)).map(toInvite);
  }

  /** Revoking what is not there does nothing. */
  async revoke(principal: Principal, roomId: number, inviteId: number): Promise<void> {
    await this.requireInviter(principal, roomId);
    const { userId: actorId } = principal;
    await this.members.changing(roomId, actorId, async (room) => {
      await room.judge(principal, requireInviter);
      if (!(await this.invites.delete(roomId, inviteId, room.manager))) return;
      const details = { invite_id: inviteId };
      await this.audit.record(room.manager, { action: 'invite.revoked', actorId, roomId, details });
    });
  }

  /**
   * Makes the caller a member, and counts that as a use; for a member it does nothing. Throws `invite_not_found` for
   * whatever code does not let the caller in: to someone without a right to know, a room is not there. Throws
   * `limit_reached` to whoever has the right.
   */
  async accept(principal: Principal, code: string): Promise<Room> {
    const hash = inviteCodeHash(code);
    const invite = hash && (await this.invites.findByHash(hash));
    if (!invite) throw new ChatError('invite_not_found');
    const { roomId } = invite;
    const { userId, username } = principal;

    const hasJoined = await this.changes
      .commit({ roomId, userId, actor: principal }, async (room, record) => {
        if (await room.member()) return false;
        room.requireActiveUser();
        if (await room.restriction('ban')) throw new ChatError('invite_not_found');
        // Before the limits, which tell of a living room; reached, they roll the use back.
        if (!(await this.invites.use(invite.id, room.manager))) throw new ChatError('invite_not_found');
        await this.limits.requirePlace(room);
        await this.audit.record(room.manager, {
          action: 'invite.used',
          actorId: userId,
          targetUserId: userId,
          roomId,
          details: { invite_id: invite.id },
        });
        // Before the user is a member: nobody has their own arrival to read.
        if (room.tellsOfMembers) await record({ type: 'member_joined', user_id: userId });
        return room.add('member');
      })
      .catch((error: unknown) => {
        const isArchived = error instanceof ChatError && error.code === 'room_not_found';
        throw isArchived ? new ChatError('invite_not_found') : error;
      });
    if (hasJoined) {
      this.changes.tell(roomId, { user: { id: userId, username }, role: 'member', change: 'joined' });
    }
    return this.roomViews.get(principal, roomId);
  }

  private async requireInviter(principal: Principal, roomId: number): Promise<void> {
    requireInviter(await this.rooms.find(roomId, principal.userId), principal, roomId);
  }
}

function toInvite(invite: RoomInviteEntity): Invite {
  return {
    id: invite.id,
    room_id: invite.roomId,
    uses: invite.uses,
    max_uses: invite.maxUses,
    expires_at: invite.expiresAt?.toISOString() ?? null,
    created_by: invite.createdBy,
    created_at: invite.createdAt.toISOString(),
  };
}

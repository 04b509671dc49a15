import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { isAdmin, type Principal } from '../common/principal';
import type { MemberRole, RoomVisibility } from '../protocol/models';
import { AccessCache, type AccessFacts } from './access-cache';
import { MemberService } from './member.service';
import { RoomRepository } from './room.repository';

/** Leave to act in a room, valid for the act at hand. */
export interface RoomGrant {
  readonly roomId: number;
  readonly visibility: RoomVisibility;
  /** Null for a reader of a public room who is not a member. */
  readonly memberRole: MemberRole | null;
  /** May act on what others wrote: an owner, a moderator or an administrator. */
  readonly canModerate: boolean;
}

/**
 * Who may read and post in which room.
 *
 * Public rooms are open to everyone, all others to their members alone. Administrators are no
 * exception: they may change any room by its id, but read a private conversation only once they have
 * been added to it, which its members see. A room that may not be read is `room_not_found`, whether
 * it is private, archived or never was.
 *
 * Both methods answer at once, without a promise, for whoever was let in within the last 5 s;
 * otherwise with one query. Changes on this node count at once, other nodes' within 5 s.
 */
@Injectable()
export class RoomAccess {
  constructor(
    private readonly cache: AccessCache,
    private readonly rooms: RoomRepository,
    private readonly members: MemberService,
  ) {}

  reading(principal: Principal, roomId: number): RoomGrant | Promise<RoomGrant> {
    const facts = this.cache.find(roomId, principal.userId);
    return facts && isReadable(facts) ? grant(principal, roomId, facts) : this.load(principal, roomId);
  }

  /** As `reading`; whoever posts in a public room becomes its member by that. */
  posting(principal: Principal, roomId: number): RoomGrant | Promise<RoomGrant> {
    const facts = this.cache.find(roomId, principal.userId);
    return facts?.memberRole ? grant(principal, roomId, facts) : this.loadAsMember(principal, roomId);
  }

  private async load(principal: Principal, roomId: number): Promise<RoomGrant> {
    const { userId } = principal;
    const facts = await this.cache.load(roomId, userId, () => this.rooms.findAccess(roomId, userId));
    if (!facts || !isReadable(facts)) throw new ChatError('room_not_found', { roomId });
    return grant(principal, roomId, facts);
  }

  private async loadAsMember(principal: Principal, roomId: number): Promise<RoomGrant> {
    const known = await this.load(principal, roomId);
    if (known.memberRole) return known;

    await this.members.join(principal, roomId);
    return this.load(principal, roomId);
  }
}

function isReadable({ visibility, memberRole }: AccessFacts): boolean {
  return visibility === 'public' || memberRole !== null;
}

function grant(principal: Principal, roomId: number, { visibility, memberRole }: AccessFacts): RoomGrant {
  const canModerate = memberRole === 'owner' || memberRole === 'moderator' || isAdmin(principal);
  return { roomId, visibility, memberRole, canModerate };
}

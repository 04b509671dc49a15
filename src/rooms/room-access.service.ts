import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import { isAdmin, type Principal } from '../common/principal';
import { Renewals } from '../common/renewals';
import type { MemberRole, RoomVisibility } from '../protocol/models';
import { AccessCache, type AccessFacts } from './access-cache';
import { AccessRepository } from './access.repository';
import { MemberService } from './member.service';

/** Leave to act in a room, valid for the act at hand. */
export interface RoomGrant {
  readonly roomId: number;
  readonly visibility: RoomVisibility;
  /** Null for a reader of a public room who is not a member. */
  readonly memberRole: MemberRole | null;
  /** May act on what others wrote: an owner, a moderator or an administrator. */
  readonly canModerate: boolean;
  /** The version of the room's rights that the grant was given under; an append under another one asks again. */
  readonly accessVersion: number;
  /** Whether the room's slow mode holds for the user. */
  readonly isSlowed: boolean;
}

/**
 * Who may read and post in which room.
 *
 * Public rooms are open to everyone, all others to their members alone. Administrators are no
 * exception: they may change any room by its id, but read a private conversation only once they have
 * been added to it, which its members see. A room that may not be read is `room_not_found`, whether
 * it is private, archived or never was.
 *
 * `reading` and `posting` answer at once, without a promise, for whoever was let in within the last 5 s;
 * otherwise with one query. Changes on this node count at once, other nodes' within 5 s.
 */
@Injectable()
export class RoomAccess {
  constructor(
    private readonly cache: AccessCache,
    private readonly facts: AccessRepository,
    private readonly members: MemberService,
    private readonly clock: Clock,
  ) {
    const renewals = new Renewals(clock);
    cache.whenAgeing = (roomId, userId) => renewals.add(() => this.read(roomId, userId));
  }

  reading(principal: Principal, roomId: number): RoomGrant | Promise<RoomGrant> {
    const facts = this.cache.find(roomId, principal.userId);
    if (facts && !this.readingRefusal(roomId, facts)) return grant(principal, roomId, facts);
    return this.readFresh(principal, roomId);
  }

  /** As `reading`; and whoever is a member of an archived room may still look at what was said in it. */
  browsing(principal: Principal, roomId: number): RoomGrant | Promise<RoomGrant> {
    const facts = this.cache.find(roomId, principal.userId);
    if (facts && !this.browsingRefusal(roomId, facts)) return grant(principal, roomId, facts);
    return this.browseFresh(principal, roomId);
  }

  /** As `reading`. Throws `muted`, too. Without a `memberRole`, the room is public, and `joining` comes first. */
  posting(principal: Principal, roomId: number): RoomGrant | Promise<RoomGrant> {
    const facts = this.cache.find(roomId, principal.userId);
    if (facts?.memberRole && !this.postingRefusal(roomId, facts)) return grant(principal, roomId, facts);
    return this.postFresh(principal, roomId);
  }

  /** Makes a member of whoever posts in a public room. Throws like `posting`. */
  async joining(principal: Principal, roomId: number): Promise<RoomGrant> {
    await this.members.join(principal, roomId);
    // Judged once more: a ban, a mute or a removal may have followed upon the joining.
    const facts = await this.loadPoster(principal, roomId);
    if (!facts.memberRole) throw new ChatError('not_a_member', { roomId });
    return grant(principal, roomId, facts);
  }

  /** Throws what `posting` would throw. */
  async writing(principal: Principal, roomId: number): Promise<void> {
    const known = this.cache.find(roomId, principal.userId);
    if (known && !this.postingRefusal(roomId, known)) return;
    await this.loadPoster(principal, roomId);
  }

  /** What is cached may only let in: a refusal is always the database's word. */
  private async readFresh(principal: Principal, roomId: number): Promise<RoomGrant> {
    const facts = await this.load(principal, roomId);
    const refusal = this.readingRefusal(roomId, facts);
    if (refusal) throw refusal;
    return grant(principal, roomId, facts);
  }

  private async browseFresh(principal: Principal, roomId: number): Promise<RoomGrant> {
    const facts = await this.load(principal, roomId);
    const refusal = this.browsingRefusal(roomId, facts);
    if (refusal) throw refusal;
    return grant(principal, roomId, facts);
  }

  private async postFresh(principal: Principal, roomId: number): Promise<RoomGrant> {
    return grant(principal, roomId, await this.loadPoster(principal, roomId));
  }

  private async loadPoster(principal: Principal, roomId: number): Promise<AccessFacts> {
    const facts = await this.load(principal, roomId);
    const refusal = this.postingRefusal(roomId, facts);
    if (refusal) throw refusal;
    return facts;
  }

  private async load({ userId }: Principal, roomId: number): Promise<AccessFacts> {
    const facts = await this.read(roomId, userId);
    if (!facts) throw new ChatError('room_not_found', { roomId });
    return facts;
  }

  private read(roomId: number, userId: number): Promise<AccessFacts | null> {
    return this.cache.load(roomId, userId, () => this.facts.findAccess(roomId, userId));
  }

  private readingRefusal(roomId: number, facts: AccessFacts): ChatError | null {
    return facts.isActive ? this.browsingRefusal(roomId, facts) : new ChatError('room_not_found', { roomId });
  }

  private browsingRefusal(roomId: number, facts: AccessFacts): ChatError | null {
    const isOpen = facts.isActive && facts.visibility === 'public';
    if (!isOpen && facts.memberRole === null) return new ChatError('room_not_found', { roomId });
    return facts.bannedUntil > this.clock.now() ? new ChatError('banned', { roomId }) : null;
  }

  private postingRefusal(roomId: number, facts: AccessFacts): ChatError | null {
    const refusal = this.readingRefusal(roomId, facts);
    if (refusal || facts.mutedUntil <= this.clock.now()) return refusal;
    return new ChatError('muted', { roomId });
  }
}

function grant(principal: Principal, roomId: number, facts: AccessFacts): RoomGrant {
  const { visibility, memberRole, accessVersion, slowModeSeconds } = facts;
  return {
    roomId,
    visibility,
    memberRole,
    canModerate: memberRole === 'owner' || memberRole === 'moderator' || isAdmin(principal),
    accessVersion,
    isSlowed: slowModeSeconds > 0 && memberRole === 'member',
  };
}

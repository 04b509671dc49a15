import type { ServerFrame } from '../protocol/frames';
import {
  DELETED_USERNAME,
  type Member,
  type MemberRole,
  type Restriction,
  type Room,
} from '../protocol/models';
import type { MemberChange } from '../protocol/room-events';
import { type LivingUser, toPublicUser } from '../users/user-view';
import type { MemberRow } from './member.repository';
import type { RoomRestrictionEntity } from './room-restriction.entity';
import type { RoomView } from './room-view';

/** A room as the caller sees it. `now` decides whether a mute is over. */
export function toRoom({ room, my, mentionCount, mutedUntil, peerName }: RoomView, now: number): Room {
  return {
    id: room.id,
    name: room.visibility === 'direct' ? (peerName ?? DELETED_USERNAME) : room.name,
    description: room.description,
    visibility: room.visibility,
    is_active: room.isActive,
    created_by: room.createdBy,
    member_count: room.memberCount,
    last_message_id: room.lastMessageId,
    last_seq: room.lastSeq,
    last_message_at: room.lastMessageAt?.toISOString() ?? null,
    slow_mode_seconds: room.slowModeSeconds,
    created_at: room.createdAt.toISOString(),
    updated_at: room.updatedAt.toISOString(),
    my: my && {
      role: my.role,
      last_read_id: my.lastReadId,
      unread_count: room.lastMessageId - my.lastReadId,
      mention_count: mentionCount,
      muted: mutedUntil > now,
      joined_at: my.joinedAt.toISOString(),
    },
  };
}

export function toMember({ member, user }: MemberRow): Member {
  return { user: toPublicUser(user), role: member.role, joined_at: member.joinedAt.toISOString() };
}

export function toRestriction(restriction: RoomRestrictionEntity, user: LivingUser): Restriction {
  return {
    user: toPublicUser(user),
    kind: restriction.kind,
    reason: restriction.reason,
    until: restriction.endsAt?.toISOString() ?? null,
    created_by: restriction.createdBy,
    created_at: restriction.createdAt.toISOString(),
  };
}

/** Tells a room's readers what it is called and how it is kept now: what is the same for all of them. */
export function roomUpdated({
  id,
  name,
  description,
  visibility,
  is_active,
  slow_mode_seconds,
  updated_at,
}: Room): ServerFrame {
  return {
    type: 'room_updated',
    data: { id, name, description, visibility, is_active, slow_mode_seconds, updated_at },
  };
}

/** Tells a room's readers who came, went, rose or was silenced; `role` is null for someone who is not a member. */
export function memberUpdated(
  roomId: number,
  user: { id: number; username: string },
  role: MemberRole | null,
  change: MemberChange,
): ServerFrame {
  return {
    type: 'member_updated',
    data: { room_id: roomId, user, role, change },
  };
}

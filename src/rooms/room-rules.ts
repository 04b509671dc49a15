import { ChatError } from '../common/chat-error';
import { isAdmin, type Principal } from '../common/principal';
import type { MemberRole } from '../protocol/models';
import type { UserEntity } from '../users/user.entity';
import type { Judged, Standing } from './standing';

/**
 * Who may do what to a room and its members, as pure decisions.
 *
 * A room that the caller does not see is `room_not_found`, exactly as if it did not exist; only
 * within a room that they see does a missing right become `forbidden`. Administrators set any room
 * right by its id, but see private ones no more than anyone else: they read them as members only.
 *
 * Whoever changes a room is judged twice: before it is waited for, so that nobody holds up a room that is none of
 * theirs, and with it held (`judge`), which decides.
 */

/** Public rooms are seen by everyone who is not banned from them, others by their members. */
export function requireVisible(view: Standing | null, roomId: number): asserts view is Standing {
  if (!view || (view.room.visibility !== 'public' && !view.my))
    throw new ChatError('room_not_found', { roomId });
  if (view.isBanned) throw new ChatError('banned', { roomId });
}

/** Owners, moderators and administrators change a room and who is in it. */
export function requireChanger(view: Standing | null, principal: Principal, roomId: number): void {
  requireRole(view, principal, roomId, ['owner', 'moderator']);
}

/** Owners and administrators close a room. */
export function requireCloser(
  view: Standing | null,
  principal: Principal,
  roomId: number,
): asserts view is Standing {
  requireRole(view, principal, roomId, ['owner']);
}

/** Members who are owner, moderator or administrator invite: nobody lets others into what they do not see themselves. */
export function requireInviter(view: Standing | null, principal: Principal, roomId: number): void {
  requireVisible(view, roomId);
  if (!view.my) throw new ChatError('forbidden', { roomId });
  requireChanger(view, principal, roomId);
}

/**
 * Owners and administrators move anyone to any role, in and out (null: not a member). Moderators
 * bring plain members in and put them out, and touch nobody above. For those who passed `requireChanger`.
 */
export function requireMover(
  { actor, standing: { room, my } }: Judged,
  from: MemberRole | null,
  to: MemberRole | null,
): void {
  if (my?.role === 'owner' || isAdmin(actor)) return;
  const isAboveMember = (role: MemberRole | null) => role === 'owner' || role === 'moderator';
  if (isAboveMember(from) || isAboveMember(to)) throw new ChatError('forbidden', { roomId: room.id });
}

/**
 * Owners and administrators ban and mute anyone but themselves, moderators nobody of rank. For those who passed
 * `requireChanger`; `role` is the target's in the room.
 */
export function requireRestrictor(
  judged: Judged,
  target: { user: Pick<UserEntity, 'id' | 'role'>; role: MemberRole | null },
): void {
  const { actor, standing } = judged;
  const { id: roomId } = standing.room;
  if (target.user.id === actor.userId) throw new ChatError('forbidden', { roomId });
  if (standing.my?.role === 'owner' || isAdmin(actor)) return;
  if (target.user.role === 'admin') throw new ChatError('forbidden', { roomId });
  requireMover(judged, target.role, null);
}

function requireRole(
  view: Standing | null,
  principal: Principal,
  roomId: number,
  roles: readonly MemberRole[],
): void {
  // Nobody changes what a conversation of two is, or who is in it.
  const isDirect = view?.room.visibility === 'direct';
  if (view && !isDirect && isAdmin(principal)) return;
  requireVisible(view, roomId);
  if (isDirect || !view.my || !roles.includes(view.my.role)) throw new ChatError('forbidden', { roomId });
}

import { ChatError } from '../common/chat-error';
import { isAdmin, type Principal } from '../common/principal';
import type { MemberRole } from '../protocol/models';
import type { RoomView } from './room.repository';

/**
 * Who may do what to a room and its members, as pure decisions.
 *
 * A room that the caller may not see is `room_not_found`, exactly as if it did not exist;
 * only within a room that he sees does a missing right become `forbidden`.
 */

/** Administrators see the record of every active room, so that they can set it right by its id. */
export function requireVisible(
  view: RoomView | null,
  principal: Principal,
  roomId: number,
): asserts view is RoomView {
  const seen = view && (view.room.visibility === 'public' || view.my !== null || isAdmin(principal));
  if (!seen) throw new ChatError('room_not_found', { roomId });
}

/** Anyone joins a public room; into others one is brought. */
export function requireJoinable(view: RoomView): void {
  if (view.room.visibility !== 'public') throw forbidden(view);
}

/** Owners, moderators and administrators change a room; nobody changes what a direct room is. */
export function requireChanger(view: RoomView, principal: Principal): void {
  const isDirect = view.room.visibility === 'direct';
  if (isDirect || !(isModerating(view.my?.role) || isAdmin(principal))) throw forbidden(view);
}

/** Owners and administrators close a room. */
export function requireCloser(view: RoomView, principal: Principal): void {
  const isDirect = view.room.visibility === 'direct';
  if (isDirect || !(view.my?.role === 'owner' || isAdmin(principal))) throw forbidden(view);
}

/**
 * Owners and administrators move anyone to any role, in and out (null: not a member).
 * Moderators bring plain members in and put them out, and touch nobody above.
 */
export function requireMover(
  view: RoomView,
  principal: Principal,
  from: MemberRole | null,
  to: MemberRole | null,
): void {
  requireChanger(view, principal);
  if (view.my?.role === 'owner' || isAdmin(principal)) return;
  if (isModerating(from) || isModerating(to)) throw forbidden(view);
}

function isModerating(role: MemberRole | null | undefined): boolean {
  return role === 'owner' || role === 'moderator';
}

function forbidden(view: RoomView): ChatError {
  return new ChatError('forbidden', { roomId: view.room.id });
}

import type { AuditAction } from '../../../src/protocol/audit-actions';

/** Every call that changes something, and what of it the audit log tells; nothing of what concerns nobody else. */
export const CALLS: Record<string, readonly AuditAction[]> = {
  'POST /auth/register': [],
  'POST /auth/login': [],
  'POST /auth/refresh': [],
  'POST /auth/logout': [],
  'POST /auth/password': [],
  'DELETE /auth/sessions/{id}': [],
  'PATCH /users/me': [],
  'DELETE /users/me': ['room.handed_over', 'room.archived'],
  'PATCH /users/{id}': ['user.role_changed', 'user.activated', 'user.deactivated'],
  'POST /rooms/direct': [],
  'POST /rooms': [],
  'PATCH /rooms/{id}': ['room.updated'],
  'DELETE /rooms/{id}': ['room.archived'],
  'POST /rooms/{id}/invites': ['invite.created'],
  'DELETE /rooms/{id}/invites/{invite_id}': ['invite.revoked'],
  'POST /invites/{code}/accept': ['invite.used'],
  'POST /rooms/{id}/join': [],
  'POST /rooms/{id}/leave': [],
  'PUT /rooms/{id}/members/{user_id}': ['member.added', 'member.role_changed'],
  'DELETE /rooms/{id}/members/{user_id}': ['member.removed'],
  'PUT /rooms/{id}/read': [],
  'PUT /rooms/{id}/bans/{user_id}': ['member.banned'],
  'DELETE /rooms/{id}/bans/{user_id}': ['member.unbanned'],
  'PUT /rooms/{id}/mutes/{user_id}': ['member.muted'],
  'DELETE /rooms/{id}/mutes/{user_id}': ['member.unmuted'],
  'POST /rooms/{room_id}/messages': [],
  'PATCH /rooms/{room_id}/messages/{message_id}': [],
  'DELETE /rooms/{room_id}/messages/{message_id}': ['message.deleted'],
  'PUT /rooms/{room_id}/messages/{message_id}/reactions/{emoji}': [],
  'DELETE /rooms/{room_id}/messages/{message_id}/reactions/{emoji}': [],
  'PUT /rooms/{room_id}/messages/{message_id}/pin': ['message.pinned'],
  'DELETE /rooms/{room_id}/messages/{message_id}/pin': ['message.unpinned'],
  // A report stands in the list of reports, with who made it.
  'POST /rooms/{id}/messages/{message_id}/reports': [],
  'PATCH /reports/{id}': ['report.resolved', 'report.dismissed'],
};

/** What the operator does on the machine itself. */
export const BY_THE_OPERATOR: readonly AuditAction[] = ['admin.created'];

/**
 * What the audit log may tell that somebody did. A name never changes its meaning; whoever adds a moderating or
 * administrative act adds its name here.
 */
export const AUDIT_ACTIONS = [
  'admin.created',
  'user.role_changed',
  'user.activated',
  'user.deactivated',
  'room.updated',
  'room.archived',
  'room.handed_over',
  'member.added',
  'member.role_changed',
  'member.removed',
  'member.banned',
  'member.unbanned',
  'member.muted',
  'member.unmuted',
  'message.deleted',
  'message.pinned',
  'message.unpinned',
  'invite.created',
  'invite.revoked',
  'invite.used',
  'report.resolved',
  'report.dismissed',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

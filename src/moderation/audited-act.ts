import type { AuditAction } from '../protocol/audit-actions';

/** An act that the audit log is to keep: who did what to whom, where and why. */
export interface AuditedAct {
  action: AuditAction;
  /** Null: whoever runs the server. */
  actorId: number | null;
  targetUserId?: number | null;
  roomId?: number;
  messageId?: number;
  reason?: string | null;
  /** Names, roles and the like; never content, never a secret. */
  details?: Record<string, unknown>;
}

const INSERT_ACTS = `
  INSERT INTO audit_log (action, actor_id, target_user_id, room_id, message_id, reason, details)
  SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::bigint[], $6::text[], $7::jsonb[])`;

/** The statement that records acts, to be run in the transaction in which they are done. */
export function insertActs(acts: readonly AuditedAct[]): { text: string; values: unknown[][] } {
  return {
    text: INSERT_ACTS,
    values: [
      acts.map(({ action }) => action),
      acts.map(({ actorId }) => actorId),
      acts.map(({ targetUserId }) => targetUserId ?? null),
      acts.map(({ roomId }) => roomId ?? null),
      acts.map(({ messageId }) => messageId ?? null),
      acts.map(({ reason }) => reason ?? null),
      acts.map(({ details }) => (details ? JSON.stringify(details) : null)),
    ],
  };
}

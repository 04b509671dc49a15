import type { AuditAction } from './audit-actions';
import type { Message } from './models';

/** A report as the one who made it sees it. */
export interface FiledReport {
  id: number;
  room_id: number;
  message_id: number;
  reason: string;
  created_at: string;
}

export type ReportStatus = 'open' | 'resolved' | 'dismissed';

/** A report as administrators see it. */
export interface Report extends FiledReport {
  status: ReportStatus;
  reporter_id: number;
  /** The message in its latest state: by reporting it, a reader has shown it to the administrators. */
  message: Message;
  note: string | null;
  resolved_by: number | null;
  resolved_at: string | null;
}

/** A page of reports, newest first. `next_cursor` gives the next page; null at the end. */
export interface ReportPage {
  reports: Report[];
  has_more: boolean;
  next_cursor: number | null;
}

/** One act of an administrator or a moderator: who, what, whom, why, when. Holds no content and no secret. */
export interface AuditEntry {
  id: number;
  action: AuditAction;
  /** Null: whoever runs the server. */
  actor_id: number | null;
  target_user_id: number | null;
  room_id: number | null;
  message_id: number | null;
  reason: string | null;
  /** What else a machine needs of it, such as the roles before and after. */
  details: Record<string, unknown> | null;
  created_at: string;
}

/** A page of the audit log, newest first. `next_cursor` gives the next page; null at the end. */
export interface AuditPage {
  entries: AuditEntry[];
  has_more: boolean;
  next_cursor: number | null;
}

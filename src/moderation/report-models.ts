import type { Message } from '../protocol/models';
import type { FiledReport, Report } from '../protocol/moderation';
import type { ReportEntity } from './report.entity';

export function toFiledReport(report: ReportEntity): FiledReport {
  return {
    id: report.id,
    room_id: report.roomId,
    message_id: report.messageId,
    reason: report.reason,
    created_at: report.createdAt.toISOString(),
  };
}

export function toReport(report: ReportEntity, message: Message): Report {
  return {
    ...toFiledReport(report),
    status: report.status,
    reporter_id: report.reporterId,
    message,
    note: report.note,
    resolved_by: report.resolvedBy,
    resolved_at: report.resolvedAt?.toISOString() ?? null,
  };
}

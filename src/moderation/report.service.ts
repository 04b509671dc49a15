import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MessageRepository } from '../chat/message.repository';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import type { FiledReport, Report, ReportPage, ReportStatus } from '../protocol/moderation';
import type { RateLimit } from '../realtime/rate-limit';
import { RateLimits } from '../realtime/rate-limits';
import { RoomAccess } from '../rooms/room-access.service';
import { AuditLog } from './audit-log';
import type { ReportEntity } from './report.entity';
import { toFiledReport, toReport } from './report-models';
import { ReportRepository } from './report.repository';

export interface ReportFilter {
  status?: ReportStatus;
  /** Reports with a lower id. */
  before?: number;
  limit: number;
}

/** What an administrator makes of a report. */
export interface Decision {
  status: Exclude<ReportStatus, 'open'>;
  /** Undefined: as it was. */
  note?: string | null;
}

/** Readers report messages, administrators decide. */
@Injectable()
export class ReportService {
  private readonly limit: RateLimit;

  constructor(
    private readonly reports: ReportRepository,
    private readonly access: RoomAccess,
    private readonly messages: MessageRepository,
    private readonly audit: AuditLog,
    private readonly database: DataSource,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    rateLimits: RateLimits,
  ) {
    const { messages_per_window, rate_window_seconds } = config.limits;
    this.limit = rateLimits.limit('reports', messages_per_window, rate_window_seconds * 1000);
  }

  /**
   * Tells the administrators of a message that the caller can read. Told again, it is answered with what was told
   * first. Throws `forbidden` for a message of one's own or of the system, `message_deleted` where nothing is left.
   */
  async file(
    principal: Principal,
    roomId: number,
    messageId: number,
    reason: string,
  ): Promise<{ report: FiledReport; isNew: boolean }> {
    const { userId: reporterId } = principal;
    await this.access.reading(principal, roomId);
    const known = await this.reports.find({ roomId, messageId, reporterId });
    if (known) return { report: toFiledReport(known), isNew: false };

    const message = await this.messages.findOne(roomId, messageId);
    if (!message) throw new ChatError('message_not_found', { roomId, messageId });
    if (message.kind !== 'user' || message.user_id === reporterId) {
      throw new ChatError('forbidden', { roomId, messageId });
    }
    if (message.deleted_at) throw new ChatError('message_deleted', { roomId, messageId });
    this.count(reporterId);
    const { report, isNew } = await this.reports.insert({ roomId, messageId, reporterId, reason });
    return { report: toFiledReport(report), isNew };
  }

  /** Newest first, each with its message as it is now. */
  async list({ status, before, limit }: ReportFilter): Promise<ReportPage> {
    const found = await this.reports.page(status, before, limit + 1);
    const rows = found.slice(0, limit);
    const has_more = found.length > limit;
    return {
      reports: await this.withMessages(rows),
      has_more,
      next_cursor: has_more ? rows[limit - 1]!.id : null,
    };
  }

  /** Decides a report, or decides it anew. The same decision again changes nothing. Throws `report_not_found`. */
  async decide({ userId }: Principal, id: number, { status, note }: Decision): Promise<Report> {
    const report = await this.database.transaction(async (manager) => {
      const report = await this.reports.lock(id, manager);
      if (!report) throw new ChatError('report_not_found');
      if (report.status === status && (note === undefined || note === report.note)) return report;

      const { roomId, messageId } = report;
      const resolvedAt = new Date(this.clock.now());
      Object.assign(report, { status, resolvedBy: userId, resolvedAt, ...(note !== undefined && { note }) });
      await this.reports.save(report, manager);
      const reason = report.note;
      const details = { report_id: id };
      await this.audit.record(manager, {
        action: `report.${status}`,
        actorId: userId,
        roomId,
        messageId,
        reason,
        details,
      });
      return report;
    });
    const [decided] = await this.withMessages([report]);
    if (!decided) throw new ChatError('report_not_found');
    return decided;
  }

  private async withMessages(rows: readonly ReportEntity[]): Promise<Report[]> {
    const messages = await this.messages.findSome(rows);
    return rows.flatMap((row) => {
      const message = messages.find(({ room_id, id }) => room_id === row.roomId && id === row.messageId);
      return message ? [toReport(row, message)] : [];
    });
  }

  private count(userId: number): void {
    if (!this.config.rateLimitsEnabled) return;
    const retryAfterMs = this.limit.take(String(userId));
    if (retryAfterMs > 0) throw new ChatError('rate_limited', { retryAfterMs });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import type { ReportStatus } from '../protocol/moderation';
import { ReportEntity } from './report.entity';

export type ReportKey = Pick<ReportEntity, 'roomId' | 'messageId' | 'reporterId'>;
export type ReportDraft = ReportKey & Pick<ReportEntity, 'reason'>;

/** The reports. Methods with a `manager` join its transaction. */
@Injectable()
export class ReportRepository {
  constructor(private readonly database: DataSource) {}

  async find(key: ReportKey): Promise<ReportEntity | null> {
    return this.database.manager.findOneBy(ReportEntity, key);
  }

  /** Stores a report unless there is one of this reader and message already, also when two come at once. */
  async insert({ reason, ...key }: ReportDraft): Promise<{ report: ReportEntity; isNew: boolean }> {
    const inserted = await this.database.query<unknown[]>(
      `INSERT INTO reports (room_id, message_id, reporter_id, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING id`,
      [key.roomId, key.messageId, key.reporterId, reason],
    );
    const report = await this.find(key);
    return { report: report!, isNew: inserted.length === 1 };
  }

  /** Newest first, below the report `before`. */
  async page(
    status: ReportStatus | undefined,
    before: number | undefined,
    limit: number,
  ): Promise<ReportEntity[]> {
    return this.database.manager.find(ReportEntity, {
      where: { ...(status && { status }), ...(before !== undefined && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Locks a report to the end of the transaction. */
  async lock(id: number, manager: EntityManager): Promise<ReportEntity | null> {
    return manager.findOne(ReportEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async save(report: ReportEntity, manager: EntityManager): Promise<void> {
    const { id, status, note, resolvedBy, resolvedAt } = report;
    await manager.update(ReportEntity, { id }, { status, note, resolvedBy, resolvedAt });
  }
}

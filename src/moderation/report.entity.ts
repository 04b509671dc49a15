import { Check, Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import type { ReportStatus } from '../protocol/moderation';

/** A reader's word to the administrators about a message: one for each reader and message. */
@Unique('reports_once', ['roomId', 'messageId', 'reporterId'])
@Index('reports_by_status', ['status', 'id'])
@Check('reports_status', `status IN ('open', 'resolved', 'dismissed')`)
@Entity('reports')
export class ReportEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'room_id', type: 'integer' })
  roomId: number;

  @Column({ name: 'message_id', type: 'bigint' })
  messageId: number;

  @Column({ name: 'reporter_id', type: 'integer' })
  reporterId: number;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text', default: 'open' })
  status: ReportStatus;

  /** What the administrator who decided wrote about it. */
  @Column({ type: 'text', nullable: true })
  note: string | null;

  @Column({ name: 'resolved_by', type: 'integer', nullable: true })
  resolvedBy: number | null;

  @Column({ name: 'resolved_at', ...TIMESTAMP, nullable: true })
  resolvedAt: Date | null;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;
}

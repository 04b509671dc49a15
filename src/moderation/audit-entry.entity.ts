import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import type { AuditAction } from '../protocol/audit-actions';

/** One act of an administrator or a moderator. Written once by `AuditLog`; the table refuses every change. */
@Index('audit_log_action', ['action', 'id'])
@Index('audit_log_actor', ['actorId', 'id'])
@Index('audit_log_room', ['roomId', 'id'])
@Entity('audit_log')
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ type: 'text' })
  action: AuditAction;

  /** Null: whoever runs the server. */
  @Column({ name: 'actor_id', type: 'integer', nullable: true })
  actorId: number | null;

  @Column({ name: 'target_user_id', type: 'integer', nullable: true })
  targetUserId: number | null;

  @Column({ name: 'room_id', type: 'integer', nullable: true })
  roomId: number | null;

  @Column({ name: 'message_id', type: 'bigint', nullable: true })
  messageId: number | null;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'jsonb', nullable: true })
  details: Record<string, unknown> | null;

  @Column({ name: 'created_at', ...TIMESTAMP, default: () => 'clock_timestamp()' })
  createdAt: Date;
}

import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  ForeignKey,
  Index,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';
import { UserEntity } from '../users/user.entity';
import { TIMESTAMP } from '../database/timestamp';
import type { RoomVisibility } from '../protocol/models';

/** A room and its counters: those of its log move with appends and with the room's own events, `memberCount` with who comes and goes. */
@Check('rooms_visibility', `visibility IN ('public', 'private', 'direct')`)
@Index('rooms_created_by', ['createdBy'], { where: `is_active AND visibility <> 'direct'` })
@Entity('rooms')
export class RoomEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'text', default: 'public' })
  visibility: RoomVisibility;

  /** False once archived: gone from lists, closed for everyone. */
  @Column({ name: 'is_active', type: 'boolean', default: true })
  isActive: boolean;

  @ForeignKey(() => UserEntity, { name: 'rooms_created_by_fkey', onDelete: 'SET NULL' })
  @Column({ name: 'created_by', type: 'integer', nullable: true })
  createdBy: number | null;

  @Column({ name: 'member_count', type: 'integer', default: 0 })
  memberCount: number;

  @Column({ name: 'last_message_id', type: 'bigint', default: 0 })
  lastMessageId: number;

  @Column({ name: 'last_seq', type: 'bigint', default: 0 })
  lastSeq: number;

  @Column({ name: 'last_message_at', ...TIMESTAMP, nullable: true })
  lastMessageAt: Date | null;

  @Column({ name: 'slow_mode_seconds', type: 'integer', default: 0 })
  slowModeSeconds: number;

  /** Moves whenever somebody loses a right in the room: rights that were read under another one have to be read again. */
  @Column({ name: 'access_version', type: 'integer', default: 0 })
  accessVersion: number;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at', ...TIMESTAMP })
  updatedAt: Date;
}

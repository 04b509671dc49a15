import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import type { MemberRole } from '../protocol/models';

/** A user in a room. */
@Entity('room_members')
export class RoomMemberEntity {
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId: number;

  @Column({ type: 'text', default: 'member' })
  role: MemberRole;

  /** The newest message that the user has read. */
  @Column({ name: 'last_read_id', type: 'bigint', default: 0 })
  lastReadId: number;

  @Column({ name: 'muted_until', ...TIMESTAMP, nullable: true })
  mutedUntil: Date | null;

  @CreateDateColumn({ name: 'joined_at', ...TIMESTAMP })
  joinedAt: Date;
}

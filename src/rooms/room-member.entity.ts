import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RoomEntity } from './room.entity';
import { UserEntity } from '../users/user.entity';
import { TIMESTAMP } from '../database/timestamp';
import type { MemberRole } from '../protocol/models';

/** A user in a room. */
@Index('room_members_user', ['userId', 'roomId'])
@Check('room_members_role', `role IN ('owner', 'moderator', 'member')`)
@Entity('room_members')
export class RoomMemberEntity {
  @ForeignKey(() => RoomEntity, { name: 'room_members_room_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  @ForeignKey(() => UserEntity, { name: 'room_members_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId: number;

  @Column({ type: 'text', default: 'member' })
  role: MemberRole;

  /** The newest message that the user has read. */
  @Column({ name: 'last_read_id', type: 'bigint', default: 0 })
  lastReadId: number;

  @CreateDateColumn({ name: 'joined_at', ...TIMESTAMP })
  joinedAt: Date;
}

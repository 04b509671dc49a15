import { Check, Column, CreateDateColumn, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import { UserEntity } from '../users/user.entity';
import { RoomEntity } from './room.entity';

/** A ban keeps a user out of a room, a mute keeps them from sending, editing and reacting. */
export type RestrictionKind = 'ban' | 'mute';

/** What a user may not do in a room, for a while or for good; it outlives their membership. */
@Check('room_restrictions_kind', `kind IN ('ban', 'mute')`)
@Entity('room_restrictions')
export class RoomRestrictionEntity {
  @ForeignKey(() => RoomEntity, { name: 'room_restrictions_room_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  @ForeignKey(() => UserEntity, { name: 'room_restrictions_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId: number;

  @PrimaryColumn({ type: 'text' })
  kind: RestrictionKind;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  /** Null: until it is taken back. */
  @Column({ name: 'ends_at', ...TIMESTAMP, nullable: true })
  endsAt: Date | null;

  @ForeignKey(() => UserEntity, { name: 'room_restrictions_created_by_fkey', onDelete: 'SET NULL' })
  @Column({ name: 'created_by', type: 'integer', nullable: true })
  createdBy: number | null;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;
}

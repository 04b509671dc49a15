import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import { UserEntity } from '../users/user.entity';
import { RoomEntity } from './room.entity';

/** Whom a room's slow mode may keep waiting; it outlives their membership. */
@Entity('room_slowed_authors')
export class SlowedAuthorEntity {
  @ForeignKey(() => RoomEntity, { name: 'room_slowed_authors_room_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  @ForeignKey(() => UserEntity, { name: 'room_slowed_authors_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId: number;

  /** When they last sent a message while the room was in slow mode. */
  @Column({ name: 'last_sent_at', ...TIMESTAMP })
  lastSentAt: Date;
}

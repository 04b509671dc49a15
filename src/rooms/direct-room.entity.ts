import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity';
import { RoomEntity } from './room.entity';

/** The one room of two users alone. */
@Index('direct_rooms_room', ['roomId'], { unique: true })
@Check('direct_rooms_order', 'user_low < user_high')
@Entity('direct_rooms')
export class DirectRoomEntity {
  @ForeignKey(() => UserEntity, { name: 'direct_rooms_user_low_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_low', type: 'integer' })
  userLow: number;

  @ForeignKey(() => UserEntity, { name: 'direct_rooms_user_high_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_high', type: 'integer' })
  userHigh: number;

  @ForeignKey(() => RoomEntity, { name: 'direct_rooms_room_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'room_id', type: 'integer' })
  roomId: number;
}

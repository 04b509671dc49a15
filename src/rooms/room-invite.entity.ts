import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import { UserEntity } from '../users/user.entity';
import { RoomEntity } from './room.entity';

/** What lets whoever knows its code become a member of a room. */
@Index('room_invites_code_key', ['codeHash'], { unique: true })
@Index('room_invites_room', ['roomId', 'id'])
@Check('room_invites_uses', 'uses <= max_uses')
@Entity('room_invites')
export class RoomInviteEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @ForeignKey(() => RoomEntity, { name: 'room_invites_room_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'room_id', type: 'integer' })
  roomId: number;

  @Column({ name: 'code_hash', type: 'bytea' })
  codeHash: Buffer;

  @Column({ type: 'integer', default: 0 })
  uses: number;

  /** Null: any number. */
  @Column({ name: 'max_uses', type: 'integer', nullable: true })
  maxUses: number | null;

  /** Null: until it is revoked. */
  @Column({ name: 'expires_at', ...TIMESTAMP, nullable: true })
  expiresAt: Date | null;

  @ForeignKey(() => UserEntity, { name: 'room_invites_created_by_fkey', onDelete: 'SET NULL' })
  @Column({ name: 'created_by', type: 'integer', nullable: true })
  createdBy: number | null;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';

/** Who reacted, in the order of their reactions. */
export interface StoredReaction {
  emoji: string;
  user_ids: number[];
}

/** A message in its latest state: one row of a room's log. `LogWriter` writes it, in bulk SQL, and `RoomEvents` what happens to a room. */
@Index('messages_seq_key', ['roomId', 'seq'], { unique: true })
@Index('messages_client_msg_id_key', ['roomId', 'userId', 'clientMsgId'], {
  unique: true,
  where: 'client_msg_id IS NOT NULL',
})
@Index('messages_pinned', ['roomId', 'id'], { where: 'pinned_at IS NOT NULL' })
@Index('messages_replies', ['roomId', 'replyToId', 'id'], { where: 'reply_to_id IS NOT NULL' })
@Entity('messages')
export class MessageEntity {
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  /** Per room: 1, 2, 3 … */
  @PrimaryColumn({ type: 'bigint' })
  id: number;

  /** Number of the last change to this message within its room. */
  @Column({ type: 'bigint' })
  seq: number;

  @Column({ type: 'text', default: 'user' })
  kind: 'user' | 'system';

  @Column({ name: 'user_id', type: 'integer', nullable: true })
  userId: number | null;

  @Column({ type: 'text', nullable: true })
  content: string | null;

  @Column({ type: 'jsonb', nullable: true })
  event: Record<string, unknown> | null;

  @Column({ name: 'client_msg_id', type: 'text', nullable: true })
  clientMsgId: string | null;

  @Column({ name: 'reply_to_id', type: 'bigint', nullable: true })
  replyToId: number | null;

  @Column({ name: 'reply_count', type: 'integer', default: 0 })
  replyCount: number;

  @Column({ type: 'integer', array: true, default: '{}' })
  mentions: number[];

  @Column({ name: 'mentions_room', type: 'boolean', default: false })
  mentionsRoom: boolean;

  @Column({ type: 'jsonb', default: [] })
  reactions: StoredReaction[];

  @Column({ name: 'pinned_at', ...TIMESTAMP, nullable: true })
  pinnedAt: Date | null;

  @Column({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;

  @Column({ name: 'edited_at', ...TIMESTAMP, nullable: true })
  editedAt: Date | null;

  @Column({ name: 'deleted_at', ...TIMESTAMP, nullable: true })
  deletedAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Stands for a user id where everyone in the room is mentioned; no account has it. */
export const EVERYONE = 0;

/**
 * That a message mentions somebody, for counting: what a user has not read is one range of the key. A message that
 * mentions everyone has one row, however many they are.
 */
@Entity('message_mentions')
export class MessageMentionEntity {
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  /** Or `EVERYONE`. */
  @PrimaryColumn({ name: 'user_id', type: 'integer' })
  userId: number;

  @PrimaryColumn({ name: 'message_id', type: 'bigint' })
  messageId: number;

  /** Nobody is mentioned by themselves. */
  @Column({ name: 'author_id', type: 'integer' })
  authorId: number;
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';

/**
 * Some dozens of messages of one room, `first_id` to `last_id`, and all their words; a message is in one stretch at most.
 * Words of a message that has been edited or deleted are in it until its next turn in the backlog, so who is led here by a
 * word has to look at the messages.
 */
// Its index is of a kind that an entity cannot tell, so only the migration has it.
@Index('search_stretches_words', { synchronize: false })
@Entity('search_stretches')
export class SearchStretchEntity {
  @PrimaryColumn({ name: 'room_id', type: 'integer' })
  roomId: number;

  @PrimaryColumn({ name: 'first_id', type: 'bigint' })
  firstId: number;

  @Column({ name: 'last_id', type: 'bigint' })
  lastId: number;

  /** When the oldest of them was sent, and the newest. */
  @Column({ name: 'first_at', ...TIMESTAMP })
  firstAt: Date;

  @Column({ name: 'last_at', ...TIMESTAMP })
  lastAt: Date;

  @Column({ type: 'tsvector' })
  words: string;
}

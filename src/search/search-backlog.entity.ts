import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Messages whose words are not in the search's index as they are now. Whoever writes messages notes them here in the same
 * transaction; `SearchIndexing` works it off.
 */
@Entity('search_backlog')
export class SearchBacklogEntity {
  /** Grows with the ids of a room's messages. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ name: 'room_id', type: 'integer' })
  roomId: number;

  @Column({ name: 'first_id', type: 'bigint' })
  firstId: number;

  @Column({ name: 'last_id', type: 'bigint' })
  lastId: number;

  /** Whether they were noted before, and have been edited or deleted since. */
  @Column({ name: 'is_change', type: 'boolean', default: false })
  isChange: boolean;
}

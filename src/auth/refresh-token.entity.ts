import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SessionEntity } from './session.entity';
import { TIMESTAMP } from '../database/timestamp';

/** A refresh token that was handed out. Spent ones are kept: presented again, they tell of a theft. */
@Index('refresh_tokens_session', ['sessionId'])
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  /** SHA-256 of the token; the token itself is stored nowhere. */
  @PrimaryColumn('bytea')
  hash: Buffer;

  @ForeignKey(() => SessionEntity, { name: 'refresh_tokens_session_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'session_id', type: 'uuid' })
  sessionId: string;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;

  @Column({ name: 'spent_at', ...TIMESTAMP, nullable: true })
  spentAt: Date | null;
}

import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';

/** A refresh token that was handed out. Spent ones are kept: presented again, they tell of a theft. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  /** SHA-256 of the token; the token itself is stored nowhere. */
  @PrimaryColumn('bytea')
  hash: Buffer;

  @Column({ name: 'session_id', type: 'uuid' })
  sessionId: string;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;

  @Column({ name: 'spent_at', ...TIMESTAMP, nullable: true })
  spentAt: Date | null;
}

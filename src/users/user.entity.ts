import { Check, Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../database/timestamp';
import type { UserRole } from '../protocol/models';

/**
 * An account. A deleted one keeps its row, so its messages keep their author's id,
 * and loses everything that told who it was.
 */
@Check('users_role', `role IN ('user', 'admin')`)
@Check(
  'users_deleted',
  `(deleted_at IS NULL AND username IS NOT NULL AND email IS NOT NULL AND password_hash IS NOT NULL)
   OR (deleted_at IS NOT NULL AND username IS NULL AND email IS NULL AND password_hash IS NULL)`,
)
@Entity('users')
export class UserEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id: number;

  /** Unique whatever the case; null once the account is deleted. */
  @Column({ type: 'text', nullable: true })
  username: string | null;

  @Column({ type: 'text', nullable: true })
  email: string | null;

  /** Never selected unless asked for by name. */
  @Column({ name: 'password_hash', type: 'text', nullable: true, select: false })
  passwordHash: string | null;

  @Column({ type: 'text', default: 'user' })
  role: UserRole;

  @Column({ name: 'is_active', type: 'boolean', default: true })
  isActive: boolean;

  @Column({ name: 'display_name', type: 'text', nullable: true })
  displayName: string | null;

  @Column({ type: 'text', nullable: true })
  bio: string | null;

  @Column({ name: 'avatar_url', type: 'text', nullable: true })
  avatarUrl: string | null;

  @CreateDateColumn({ name: 'created_at', ...TIMESTAMP })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at', ...TIMESTAMP })
  updatedAt: Date;

  @Column({ name: 'deleted_at', ...TIMESTAMP, nullable: true })
  deletedAt: Date | null;
}

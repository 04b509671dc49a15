import type { PublicUser, User } from '../protocol/models';
import type { UserEntity } from './user.entity';

/** An account that has not been deleted: it has its names. */
export type LivingUser = UserEntity & { username: string; email: string };

/** A user as everyone may see them. */
export function toPublicUser(user: LivingUser): PublicUser {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    display_name: user.displayName,
    bio: user.bio,
    avatar_url: user.avatarUrl,
    created_at: user.createdAt.toISOString(),
  };
}

/** A user as they, and administrators, see them. */
export function toUser(user: LivingUser): User {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    role: user.role,
    is_active: user.isActive,
    display_name: user.displayName,
    bio: user.bio,
    avatar_url: user.avatarUrl,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}

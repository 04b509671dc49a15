import { Injectable } from '@nestjs/common';
import { PrincipalChanges } from '../auth/principal-changes';
import { ChatError } from '../common/chat-error';
import type { PublicUser, User } from '../protocol/models';
import { RoomFeeds } from '../realtime/room-feeds';
import { type UserChanges, UserRepository } from './user.repository';
import { type LivingUser, toPublicUser, toUser } from './user-view';

const SEARCH_MAX = 20;

/** Profiles: what users show of themselves, to themselves and to others. */
@Injectable()
export class UserService {
  constructor(
    private readonly users: UserRepository,
    private readonly principalChanges: PrincipalChanges,
    private readonly feeds: RoomFeeds,
  ) {}

  /** The full record; throws `user_not_found`. */
  async getUser(id: number): Promise<User> {
    return toUser(await this.getLiving(id));
  }

  /** What everyone may see; throws `user_not_found`, also for a deleted account. */
  async getPublicUser(id: number): Promise<PublicUser> {
    return toPublicUser(await this.getLiving(id));
  }

  /** Up to 20 active users whose user name or display name begins with `text`. */
  async search(text: string): Promise<PublicUser[]> {
    const users = await this.users.searchActive(text, SEARCH_MAX);
    return users.map(toPublicUser);
  }

  /**
   * Changes what is not undefined; an empty text is stored as null. The new name counts at once, in open
   * sockets too. Throws `username_taken` or `email_taken`.
   */
  async changeProfile(id: number, changes: Omit<UserChanges, 'role' | 'isActive'>): Promise<User> {
    const { displayName, bio } = changes;
    const user = await this.users.update(id, {
      ...changes,
      displayName: displayName === '' ? null : displayName,
      bio: bio === '' ? null : bio,
    });
    if (!user) throw new ChatError('user_not_found', { userId: id });

    this.principalChanges.user(id);
    if (changes.username !== undefined) this.feeds.renameUser(id, user.username);
    return toUser(user);
  }

  private async getLiving(id: number): Promise<LivingUser> {
    const user = await this.users.findById(id);
    if (!user) throw new ChatError('user_not_found', { userId: id });
    return user;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AttemptLimits } from '../auth/attempt-limits';
import { Passwords } from '../auth/passwords';
import { SessionEnds } from '../auth/session-ends';
import { SessionRepository } from '../auth/session.repository';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { DELETED_USERNAME } from '../protocol/models';
import { RoomFeeds } from '../realtime/room-feeds';
import { MembershipRemoval } from './membership-removal';
import { type Credentials, UserRepository } from './user.repository';

/** What users do to their own account after proving once more that they know its password. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly memberships: MembershipRemoval,
    private readonly passwords: Passwords,
    private readonly attempts: AttemptLimits,
    private readonly ends: SessionEnds,
    private readonly feeds: RoomFeeds,
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Every other session of the user ends. Throws `forbidden` for a wrong password. */
  async changePassword(principal: Principal, currentPassword: string, newPassword: string): Promise<void> {
    const { userId, sessionId } = principal;
    const credentials = await this.confirm(userId, currentPassword);
    const newHash = await this.passwords.hash(newPassword);

    await this.database.transaction(async (manager) => {
      if (!(await this.users.replacePassword(credentials, newHash, manager))) throw wrongPassword();
      await this.sessions.revokeOfUser(userId, new Date(this.clock.now()), manager, sessionId);
    });
    this.ends.user(userId, 'password changed', sessionId);
  }

  /**
   * Deletes the account; its messages stay without their author's name, its rooms with another owner. Throws
   * `forbidden`, `last_admin`.
   *
   * Its sessions end first, then it leaves its rooms, a few at a time, so that none is held for long, and goes last.
   * Whatever comes between, it is whole: its user can log in, and delete what is left.
   */
  async remove({ userId, username }: Principal, password: string): Promise<void> {
    await this.confirm(userId, password);
    await this.database.transaction((manager) => this.shut(userId, manager));
    this.ends.user(userId, 'account deleted');
    await this.memberships.removeByAndBy({ userId, username });

    const removal = await this.database.transaction(async (manager) => {
      // Others may have added it to rooms meanwhile, its user logged in again, other administrators gone.
      await this.shut(userId, manager);
      await this.users.empty(userId, new Date(this.clock.now()), manager);
      return this.memberships.removeRest({ userId, username: DELETED_USERNAME }, manager);
    });
    this.ends.user(userId, 'account deleted');
    this.feeds.renameUser(userId, DELETED_USERNAME);
    this.memberships.tell(removal);
  }

  /** Ends its sessions, with the account held to the end of the transaction. */
  private async shut(userId: number, manager: EntityManager): Promise<void> {
    const { isLastAdmin } = await this.users.lockWithAdmins(userId, manager);
    if (isLastAdmin) throw new ChatError('last_admin');
    await this.sessions.revokeOfUser(userId, new Date(this.clock.now()), manager);
  }

  private async confirm(userId: number, password: string): Promise<Credentials> {
    await this.attempts.onAccount('password', userId, null);
    const passwordHash = await this.users.findPasswordHash(userId);
    if (!(await this.passwords.matches(password, passwordHash)) || passwordHash === null)
      throw wrongPassword();
    return { id: userId, passwordHash };
  }
}

/** Not `invalid_credentials`: the caller is logged in and stays so, and clients take a 401 for the end of the session. */
function wrongPassword(): ChatError {
  return new ChatError('forbidden', { message: 'The password is wrong.' });
}

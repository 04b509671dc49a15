import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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

  /** Deletes the account; its messages stay without their author's name, its rooms with another owner. Throws `forbidden`, `last_admin`. */
  async remove({ userId }: Principal, password: string): Promise<void> {
    await this.confirm(userId, password);

    const removal = await this.database.transaction(async (manager) => {
      const { isLastAdmin } = await this.users.lockWithAdmins(userId, manager);
      if (isLastAdmin) throw new ChatError('last_admin');

      const now = new Date(this.clock.now());
      await this.users.empty(userId, now, manager);
      await this.sessions.revokeOfUser(userId, now, manager);
      return this.memberships.removeAll(userId, manager);
    });
    this.ends.user(userId, 'account deleted');
    this.feeds.renameUser(userId, DELETED_USERNAME);
    this.memberships.tell(removal);
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

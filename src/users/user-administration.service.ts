import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PrincipalChanges } from '../auth/principal-changes';
import { SessionEnds } from '../auth/session-ends';
import { SessionRepository } from '../auth/session.repository';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AuditLog } from '../moderation/audit-log';
import type { AuditedAct } from '../moderation/audited-act';
import type { User, UserPage } from '../protocol/models';
import { type UserChanges, UserRepository } from './user.repository';
import { type LivingUser, toUser } from './user-view';

/** What administrators do with accounts. */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly principalChanges: PrincipalChanges,
    private readonly ends: SessionEnds,
    private readonly audit: AuditLog,
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** One page by id. `cursor` is the id after which it begins, 0 for the first. */
  async list({
    cursor,
    limit,
    search,
  }: {
    cursor: number;
    limit: number;
    search?: string;
  }): Promise<UserPage> {
    const found = await this.users.list(cursor, limit + 1, search);
    const users = found.slice(0, limit).map(toUser);
    const hasMore = found.length > limit;
    return { users, has_more: hasMore, next_cursor: hasMore ? (users.at(-1)?.id ?? null) : null };
  }

  /**
   * Changes the role or the activity of an account. Throws `user_not_found`, and `last_admin` where nobody
   * would be left to administrate. A deactivated user's sessions end; a new role counts at once.
   */
  async change(
    principal: Principal,
    id: number,
    changes: Pick<UserChanges, 'role' | 'isActive'>,
    reason: string | null,
  ): Promise<User> {
    const { before, after } = await this.database.transaction(async (manager) => {
      const { account: before, isLastAdmin } = await this.users.lockWithAdmins(id, manager);
      if (!before) throw new ChatError('user_not_found', { userId: id });

      const resigns = changes.role === 'user' || changes.isActive === false;
      if (resigns && isLastAdmin) throw new ChatError('last_admin');

      const after = await this.users.update(id, changes, manager);
      if (!after) throw new ChatError('user_not_found', { userId: id });
      for (const act of actsOf(before, after)) {
        await this.audit.record(manager, { ...act, actorId: principal.userId, targetUserId: id, reason });
      }
      if (!after.isActive) await this.sessions.revokeOfUser(id, new Date(this.clock.now()), manager);
      return { before, after };
    });

    if (before.isActive && !after.isActive) this.ends.user(id, 'account deactivated');
    else this.principalChanges.user(id);
    return toUser(after);
  }
}

function actsOf(before: LivingUser, after: LivingUser): Pick<AuditedAct, 'action' | 'details'>[] {
  const acts: Pick<AuditedAct, 'action' | 'details'>[] = [];
  if (before.role !== after.role) {
    acts.push({ action: 'user.role_changed', details: { from: before.role, to: after.role } });
  }
  if (before.isActive !== after.isActive) {
    acts.push({ action: after.isActive ? 'user.activated' : 'user.deactivated' });
  }
  return acts;
}

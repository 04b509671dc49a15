import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { isUniqueViolation } from '../database/database-error';
import { USERNAME_PATTERN } from '../protocol/limits';
import { UserEntity } from './user.entity';
import type { LivingUser } from './user-view';

export type NewUser = Pick<LivingUser, 'username' | 'email' | 'role'> & { passwordHash: string };
export type UserChanges = Partial<
  Pick<LivingUser, 'username' | 'email' | 'displayName' | 'bio' | 'avatarUrl' | 'role' | 'isActive'>
>;

/** What a login is checked against. */
export interface Credentials {
  id: number;
  passwordHash: string;
}

/**
 * The accounts. Deleted ones are not found by anything here. Methods with a `manager` join its transaction.
 *
 * Rows are locked in this order, which everyone keeps: accounts by id, whoever's they are, then sessions. The locks let foreign keys to the row pass, so they never wait for somebody's join.
 */
@Injectable()
export class UserRepository {
  constructor(private readonly database: DataSource) {}

  async findById(id: number, manager = this.database.manager): Promise<LivingUser | null> {
    return living(await manager.findOneBy(UserEntity, { id, deletedAt: IsNull() }));
  }

  /** By user name, or by e-mail address if there is an `@` in it (no user name has one); in any case. */
  async findCredentials(name: string): Promise<Credentials | null> {
    const column = name.includes('@') ? 'email' : 'username';
    // Letters beyond ASCII may be ASCII in lower case, to PostgreSQL: 'K' (the sign of Kelvin) and 'İ' are.
    if (column === 'username' && !USERNAME_PATTERN.test(name)) return null;
    const rows = await this.database.query<Credentials[]>(
      `SELECT id, password_hash AS "passwordHash" FROM users WHERE lower(${column}) = lower($1)`,
      [name],
    );
    return rows[0] ?? null;
  }

  async findPasswordHash(id: number): Promise<string | null> {
    const user = await this.database.manager.findOne(UserEntity, {
      where: { id, deletedAt: IsNull() },
      select: { id: true, passwordHash: true },
    });
    return user?.passwordHash ?? null;
  }

  /** Throws `username_taken` or `email_taken` if somebody has one of them. */
  async refuseTaken({ username, email }: { username: string; email: string }): Promise<void> {
    const [taken] = await this.database.query<[{ username: boolean; email: boolean }]>(
      `SELECT EXISTS (SELECT FROM users WHERE lower(username) = lower($1)) AS username,
              EXISTS (SELECT FROM users WHERE lower(email) = lower($2)) AS email`,
      [username, email],
    );
    if (taken.username) throw new ChatError('username_taken');
    if (taken.email) throw new ChatError('email_taken');
  }

  /** Throws `username_taken` or `email_taken`, also when two come at once. */
  async insert(user: NewUser, manager = this.database.manager): Promise<LivingUser> {
    const { identifiers } = await refusingTaken(manager.insert(UserEntity, user));
    return (await this.findById((identifiers[0] as { id: number }).id, manager)) as LivingUser;
  }

  /** What is undefined stays. Null if there is no such account. Throws `username_taken` or `email_taken`. */
  async update(
    id: number,
    changes: UserChanges,
    manager = this.database.manager,
  ): Promise<LivingUser | null> {
    const isEmpty = Object.values(changes).every((value) => value === undefined);
    if (!isEmpty) await refusingTaken(manager.update(UserEntity, { id, deletedAt: IsNull() }, changes));
    return this.findById(id, manager);
  }

  /**
   * Locks an account and all active administrators to the end of the transaction; gives the account, if there is one,
   * and whether it is the only administrator. In one statement: who locked the administrators first and then the
   * account would wait in a circle with those who lock two accounts by id.
   */
  async lockWithAdmins(
    id: number,
    manager: EntityManager,
  ): Promise<{ account: LivingUser | null; isLastAdmin: boolean }> {
    const locked = await manager.find(UserEntity, {
      where: [
        { id, deletedAt: IsNull() },
        { role: 'admin', isActive: true, deletedAt: IsNull() },
      ],
      order: { id: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
    const admins = locked.filter(({ role, isActive }) => role === 'admin' && isActive);
    return {
      account: living(locked.find((user) => user.id === id) ?? null),
      isLastAdmin: admins.length === 1 && admins[0]!.id === id,
    };
  }

  /**
   * The account if it is active and still has this password, which it then keeps to the end of the transaction. Until then
   * nobody else comes out of here with it: what is counted of it stays true.
   */
  async lockActive({ id, passwordHash }: Credentials, manager: EntityManager): Promise<LivingUser | null> {
    return living(
      await manager.findOne(UserEntity, {
        where: { id, passwordHash, isActive: true, deletedAt: IsNull() },
        lock: { mode: 'for_no_key_update' },
      }),
    );
  }

  /** Changes the password if it is still the one behind `oldHash`; tells whether it was. */
  async replacePassword(
    { id, passwordHash: oldHash }: Credentials,
    newHash: string,
    manager: EntityManager,
  ): Promise<boolean> {
    const { affected } = await manager.update(
      UserEntity,
      { id, passwordHash: oldHash },
      { passwordHash: newHash },
    );
    return affected === 1;
  }

  /** Takes everything from an account that tells who it was; the row stays for its messages. */
  async empty(id: number, now: Date, manager: EntityManager): Promise<void> {
    await manager.update(
      UserEntity,
      { id, deletedAt: IsNull() },
      {
        username: null,
        email: null,
        passwordHash: null,
        role: 'user',
        isActive: false,
        displayName: null,
        bio: null,
        avatarUrl: null,
        deletedAt: now,
      },
    );
  }

  /** Accounts with an id above `after`, by id; with `search`, those whose name or e-mail address begins with it. */
  async list(after: number, limit: number, search?: string): Promise<LivingUser[]> {
    const query = this.database.manager
      .createQueryBuilder(UserEntity, 'u')
      .where({ id: MoreThan(after), deletedAt: IsNull() });
    if (search) {
      query.andWhere(`(lower(u.username) LIKE lower(:prefix) OR lower(u.email) LIKE lower(:prefix))`, {
        prefix: prefixPattern(search),
      });
    }
    return (await query.orderBy('u.id').limit(limit).getMany()) as LivingUser[];
  }

  /** Active accounts whose user name or display name begins with `text`, by user name. */
  async searchActive(text: string, limit: number): Promise<LivingUser[]> {
    return (await this.database.manager
      .createQueryBuilder(UserEntity, 'u')
      .where({ isActive: true, deletedAt: IsNull() })
      .andWhere(`(lower(u.username) LIKE lower(:prefix) OR lower(u.display_name) LIKE lower(:prefix))`, {
        prefix: prefixPattern(text),
      })
      .orderBy('lower(u.username)')
      .limit(limit)
      .getMany()) as LivingUser[];
  }
}

/** The check `users_deleted` of the table: who is not deleted has both names. */
function living(user: UserEntity | null): LivingUser | null {
  return user as LivingUser | null;
}

/** A LIKE pattern for what begins with `text`, whatever wildcards are in it. */
function prefixPattern(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

async function refusingTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isUniqueViolation(error, 'users_username_key')) throw new ChatError('username_taken');
    if (isUniqueViolation(error, 'users_email_key')) throw new ChatError('email_taken');
    throw error;
  }
}

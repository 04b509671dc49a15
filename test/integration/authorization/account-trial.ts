import { randomUUID } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { createRefreshToken } from '../../../src/auth/refresh-token';
import type { Room } from '../../../src/protocol/models';
import { PASSWORD } from '../../support/account-client';
import { type Answer, aPerson, type Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { ACCOUNT_ACTORS, type AccountActor, type AccountRow, type AccountScene } from './account-row';
import { wordOf } from './call-trial';
import { deactivate, nobody } from './cast';

/** At the least cost that bcrypt allows. */
const PASSWORD_HASH = hashSync(PASSWORD, 4);

interface Account {
  person: Person;
  refreshToken: string;
  sessionId: string;
}

/** Has fresh accounts of every kind try calls that no room decides. */
export class AccountTrial {
  private made = 0;

  constructor(
    private readonly server: TestServer,
    /** Who deactivates. */
    private readonly admin: Person,
  ) {}

  /** One after the other: what somebody changes must not be taken for another's doing. */
  async try(row: AccountRow): Promise<Record<AccountActor, string>> {
    const told = {} as Record<AccountActor, string>;
    for (const actor of ACCOUNT_ACTORS) {
      const scene = await this.scene(actor);
      const before = await this.state();
      const word = wordOf(await row.send(scene));
      told[actor] = word + ((await this.state()) === before ? '' : '*');
    }
    return told;
  }

  private async scene(actor: AccountActor): Promise<AccountScene> {
    const someone = await this.account();
    const own = actor === 'anonymous' ? this.nobody() : await this.account();
    const { person, refreshToken, sessionId } = own;
    if (actor === 'admin') {
      await this.server.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [person.id]);
    }
    if (actor === 'owner') await person.post<Room>('/rooms', { name: `room of ${person.username}` });
    if (actor === 'deactivated') await deactivate(this.admin, person);
    return {
      actor: person,
      username: person.username,
      refreshToken,
      sessionId,
      someone: someone.person,
      someonesSessionId: someone.sessionId,
      atRoot: (path) => this.atRoot(path, person),
    };
  }

  /** As if registered with `PASSWORD`, without the cost of hashing it. */
  private async account(): Promise<Account> {
    const person = await aPerson(this.server, `person-${++this.made}`);
    const { token: refreshToken, hash } = createRefreshToken();
    const [session] = await this.server.dataSource.query<{ id: string }[]>(
      `WITH person AS (UPDATE users SET password_hash = $2 WHERE id = $1),
       session AS (SELECT id FROM sessions WHERE user_id = $1)
       INSERT INTO refresh_tokens (hash, session_id) SELECT $3, id FROM session RETURNING session_id AS id`,
      [person.id, PASSWORD_HASH, hash],
    );
    return { person, refreshToken, sessionId: session!.id };
  }

  private nobody(): Account {
    return { person: nobody(this.server), refreshToken: createRefreshToken().token, sessionId: randomUUID() };
  }

  private async atRoot(path: string, { token }: Person): Promise<Answer<unknown>> {
    const response = await fetch(`${this.server.url}${path}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /** Accounts, sessions and rooms in one text; but for when a session was last used. */
  private async state(): Promise<string> {
    const [row] = await this.server.dataSource.query<{ state: string }[]>(
      `SELECT md5(concat_ws('|',
         (SELECT array_agg(it ORDER BY id) FROM users it),
         (SELECT array_agg((id, user_id, expires_at, revoked_at) ORDER BY id) FROM sessions),
         (SELECT array_agg(it ORDER BY hash) FROM refresh_tokens it),
         (SELECT array_agg(it ORDER BY id) FROM rooms it),
         (SELECT array_agg(it ORDER BY room_id, user_id) FROM room_members it))) AS state`,
    );
    return row!.state;
  }
}

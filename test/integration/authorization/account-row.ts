import type { Answer, Person } from '../../support/person';
import { meaning } from './row';

/** Who asks where no room decides. The owner is a user who has a room of their own. */
export const ACCOUNT_ACTORS = ['anonymous', 'deactivated', 'user', 'owner', 'admin'] as const;
export type AccountActor = (typeof ACCOUNT_ACTORS)[number];

/** What a call can be made with, and about; all of it made for this one call. */
export interface AccountScene {
  actor: Person;
  /** Of the actor; somebody anonymous presents what was made up. */
  username: string;
  refreshToken: string;
  sessionId: string;
  /** Somebody else, and one of their sessions. */
  someone: Person;
  someonesSessionId: string;
  /** Asks for a path of the server's root. */
  atRoot(path: string): Promise<Answer<unknown>>;
}

/**
 * A REST call without a room. A word for each is like a row's column; a `*` stands where accounts, sessions or rooms
 * have changed. Those without a living session get nowhere, unless it is said.
 */
export interface AccountRow {
  call: string;
  case?: string;
  send(scene: AccountScene): Promise<Answer<unknown>>;
  user: string;
  admin: string;
  anonymous?: string;
  deactivated?: string;
}

/** For what is open to everybody. */
export function anyone(word: string): Pick<AccountRow, AccountActor & keyof AccountRow> {
  return { anonymous: word, deactivated: word, user: word, admin: word };
}

export function expectedOf(row: AccountRow): Record<AccountActor, string> {
  const { anonymous = 'authentication_required', deactivated = 'session_revoked', user, admin } = row;
  const words = { anonymous, deactivated, user, owner: user, admin };
  return Object.fromEntries(ACCOUNT_ACTORS.map((actor) => [actor, meaning(words[actor])])) as Record<
    AccountActor,
    string
  >;
}

import type { Clock } from '../common/clock';
import type { Message } from '../protocol/models';
import type { Change } from './room-log';

/** By then everything has been read, stored or refused that was under way when a name changed. */
const KEPT_MS = 10_000;

/**
 * The names that users have taken lately: what was being read, or waited for its commit, may come with the old ones.
 * As long as nobody has a new name, asking costs nothing.
 */
export class NewNames {
  private readonly names = new Map<number, { username: string }>();

  constructor(private readonly clock: Clock) {}

  /** Of several names of a user, the last is shown. */
  add(userId: number, username: string): void {
    const name = { username };
    this.names.set(userId, name);
    this.clock.after(KEPT_MS, () => {
      if (this.names.get(userId) === name) this.names.delete(userId);
    });
  }

  /** The messages under the names that their authors have now. */
  shownOn(messages: Message[]): Message[] {
    let shown = messages;
    for (const [userId, { username }] of this.names) shown = renamed(shown, userId, username);
    return shown;
  }

  /** The changes with their messages like that. */
  shownIn(changes: readonly Change[]): readonly Change[] {
    if (this.names.size === 0) return changes;
    const messages = this.shownOn(changes.map(({ message }) => message));
    return changes.map((change, index) => ({ ...change, message: messages[index]! }));
  }
}

/** The messages with another name for an author; those of others are the same objects. */
export function renamed(messages: readonly Message[], userId: number, username: string): Message[] {
  return messages.map((message) => (message.user_id === userId ? { ...message, username } : message));
}

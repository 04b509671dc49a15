import type { HistoryPage, Message } from '../protocol/models';
import { renamed } from './new-names';

/** The newest page of a room's history, kept up to date by its changes: joining asks the database nothing. */
export class NewestMessages {
  private messages: Message[];
  private hasOlder: boolean;

  constructor(
    page: Pick<HistoryPage, 'messages' | 'has_more'>,
    private readonly size: number,
  ) {
    this.messages = page.messages;
    this.hasOlder = page.has_more;
  }

  /** Takes changed messages: new ones join the page, those on it are replaced, older ones do not concern it. */
  apply(changed: readonly Message[]): void {
    for (const message of changed) {
      const index = this.messages.findLastIndex(({ id }) => id <= message.id);
      if (this.messages[index]?.id === message.id) this.messages[index] = message;
      // A new message that was edited comes behind newer ones, on the same page of changes or on a later one.
      else if (index >= 0 || !this.hasOlder) this.messages.splice(index + 1, 0, message);
    }
    const excess = this.messages.length - this.size;
    if (excess > 0) {
      this.messages.splice(0, excess);
      this.hasOlder = true;
    }
  }

  /** Shows another name for an author. */
  rename(userId: number, username: string): void {
    this.messages = renamed(this.messages, userId, username);
  }

  /** Oldest first. */
  page(): Pick<HistoryPage, 'messages' | 'has_more' | 'next_cursor'> {
    return {
      messages: [...this.messages],
      has_more: this.hasOlder,
      next_cursor: this.hasOlder ? (this.messages[0]?.id ?? null) : null,
    };
  }
}

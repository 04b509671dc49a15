import type { HistoryPage, Message } from '../protocol/models';

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
    // By id: a page of changes may bring an edited message behind a newer one.
    for (const message of [...changed].sort((a, b) => a.id - b.id)) {
      const newestId = this.messages.at(-1)?.id ?? 0;
      if (message.id > newestId) {
        this.messages.push(message);
      } else {
        const index = this.messages.length - 1 - (newestId - message.id);
        if (this.messages[index]?.id === message.id) this.messages[index] = message;
      }
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

/** The messages with another name for an author; those of others are the same objects. */
export function renamed(messages: readonly Message[], userId: number, username: string): Message[] {
  return messages.map((message) => (message.user_id === userId ? { ...message, username } : message));
}

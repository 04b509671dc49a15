import type { Message, Room } from '../../src/protocol/models';

/** How far somebody has read in a room, as a client keeps it: what they write with nothing unread before it counts as read. */
export class Unread {
  constructor(
    private readonly userId: number,
    private lastReadId: number,
  ) {}

  copy(): Unread {
    return new Unread(this.userId, this.lastReadId);
  }

  /** Takes a message that is new, in the order of the ids. */
  take({ id, user_id }: Message): void {
    if (user_id === this.userId && id === this.lastReadId + 1) this.lastReadId = id;
  }

  /** What the room says of it, if these are its messages. */
  shown(
    messages: readonly Message[],
  ): Pick<NonNullable<Room['my']>, 'unread_count' | 'mention_count' | 'last_read_id'> {
    const unread = messages.filter(({ id }) => id > this.lastReadId);
    const mentioning = unread.filter(
      ({ user_id, mentions, mentions_room }) =>
        user_id !== this.userId && (mentions_room || mentions.includes(this.userId)),
    );
    return {
      last_read_id: this.lastReadId,
      unread_count: unread.length,
      mention_count: mentioning.length,
    };
  }
}

import type { Message } from '../protocol/models';
import type { DraftMentions, EditDraft, MessageDraft } from '../realtime/room-log';
import type { AuthorRights } from './author-rights';
import { authorKey } from './batch-state';
import { EVERYONE } from './message-mention.entity';

/** A row of `message_mentions`. */
export interface CountedMention {
  roomId: number;
  userId: number;
  messageId: number;
  authorId: number;
}

const NOBODY: DraftMentions = { userIds: [], room: false };

/** For whom a message is counted as a mention: for everyone at once, or for the users named, but not for its author. */
export function countedFor(
  { mentions, mentions_room }: Pick<Message, 'mentions' | 'mentions_room'>,
  authorId: number | null,
): number[] {
  return mentions_room ? [EVERYONE] : mentions.filter((userId) => userId !== authorId);
}

/** Whom the messages of a batch mention, and what that changes of the rows that are counted. */
export class BatchMentions {
  /** Rows of stored messages as they were. */
  readonly deleted: CountedMention[] = [];
  private readonly rows = new Map<Message, CountedMention[]>();

  /**
   * @param mentionable those who may be mentioned, by `authorKey`
   * @param unstored messages that nothing is stored of yet
   */
  constructor(
    private readonly mentionable: ReadonlySet<string>,
    private readonly unstored: ReadonlySet<Message>,
  ) {}

  /** Rows of the messages as they are now. */
  get inserted(): CountedMention[] {
    return [...this.rows.values()].flat();
  }

  /** Lets a message mention those named by the draft who may be, at this moment. */
  set(message: Message, draft: MessageDraft | EditDraft, rights: AuthorRights): void {
    const { userIds, room } = draft.mentions ?? NOBODY;
    this.replace(message, {
      userIds: userIds.filter((userId) => this.mentionable.has(authorKey(draft.roomId, userId))),
      room: room && rights.moderating(draft) === null,
    });
  }

  /** Lets it mention nobody. */
  clear(message: Message): void {
    this.replace(message, NOBODY);
  }

  private replace(message: Message, { userIds, room }: DraftMentions): void {
    const namedNobody = message.mentions.length === 0 && !message.mentions_room;
    if (namedNobody && userIds.length === 0 && !room) return;
    if (!this.unstored.has(message) && !this.rows.has(message)) this.deleted.push(...rowsOf(message));
    message.mentions = [...userIds];
    delete message.mentions_room;
    if (room) message.mentions_room = true;
    this.rows.set(message, rowsOf(message));
  }
}

function rowsOf(message: Message): CountedMention[] {
  const { room_id: roomId, id: messageId, user_id: authorId } = message;
  return countedFor(message, authorId).map((userId) => ({ roomId, userId, messageId, authorId: authorId! }));
}

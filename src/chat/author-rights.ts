import { ChatError, type ChatErrorDetails } from '../common/chat-error';
import type { ErrorCode } from '../protocol/error-codes';
import type { MemberRole, Message, RoomVisibility } from '../protocol/models';
import type { Draft, MessageDraft } from '../realtime/room-log';

/** What the log asks of a room before it stores anything in it. */
export interface RoomFacts {
  id: number;
  isActive: boolean;
  visibility: RoomVisibility;
  slowModeSeconds: number;
}

/** What it asks of an author there. Times in milliseconds since the epoch; `Infinity`: for good. */
export interface AuthorFacts {
  role: MemberRole | null;
  bannedUntil: number;
  mutedUntil: number;
  lastSentAt: number;
  /** How far they have read. */
  lastReadId: number;
}

export const NO_FACTS: AuthorFacts = {
  role: null,
  bannedUntil: 0,
  mutedUntil: 0,
  lastSentAt: 0,
  lastReadId: 0,
};

function refuse(code: ErrorCode, draft: Draft, details: ChatErrorDetails = {}): ChatError {
  const messageId = draft.kind === 'message' ? undefined : draft.messageId;
  return new ChatError(code, { roomId: draft.roomId, messageId, outcome: 'not_stored', ...details });
}

/**
 * Who may change a room's log, decided while the room is held: nobody loses a right between this answer and the
 * commit. The errors are those that a reader of the room would get; to others it is `room_not_found`.
 */
export class AuthorRights {
  constructor(
    private readonly room: RoomFacts,
    private readonly author: AuthorFacts,
    private readonly now: number,
  ) {}

  /** Whether the author may do anything here at all. */
  entering(draft: Draft): ChatError | null {
    const { isActive, visibility } = this.room;
    const { role, bannedUntil } = this.author;
    if (!isActive || (visibility !== 'public' && role === null)) return refuse('room_not_found', draft);
    if (bannedUntil > this.now) return refuse('banned', draft);
    // Authors who have left a public room may still mend or delete what they said there.
    const needsMembership = draft.kind === 'message' || draft.kind === 'reaction';
    return needsMembership && role === null ? refuse('not_a_member', draft) : null;
  }

  /** A mute, and the room's slow mode for plain members. */
  sending(draft: MessageDraft): ChatError | null {
    const mute = this.speaking(draft);
    if (mute || !draft.isSlowed || this.room.slowModeSeconds === 0 || this.author.role !== 'member')
      return mute;
    const retryAfterMs = this.author.lastSentAt + this.room.slowModeSeconds * 1000 - this.now;
    return retryAfterMs > 0 ? refuse('rate_limited', draft, { retryAfterMs }) : null;
  }

  speaking(draft: Draft): ChatError | null {
    return this.author.mutedUntil > this.now ? refuse('muted', draft) : null;
  }

  /** The author's own message, or anyone's for a moderator. */
  deleting(draft: Draft, message: Message): ChatError | null {
    return isOwn(draft, message) ? null : this.moderating(draft);
  }

  moderating(draft: Draft): ChatError | null {
    const canModerate = draft.isAdmin || this.author.role === 'owner' || this.author.role === 'moderator';
    return canModerate ? null : refuse('forbidden', draft);
  }

  editing(draft: Draft, message: Message): ChatError | null {
    return isOwn(draft, message) ? this.speaking(draft) : refuse('forbidden', draft);
  }
}

/** Whether the draft's author wrote the message. */
export function isOwn({ userId }: Draft, message: Message): boolean {
  return message.user_id === userId && message.kind === 'user';
}

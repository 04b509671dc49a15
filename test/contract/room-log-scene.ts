import { ChatError } from '../../src/common/chat-error';
import type {
  Appended,
  DeletionDraft,
  Draft,
  EditDraft,
  MessageDraft,
  PinDraft,
  ReactionDraft,
  RoomLog,
} from '../../src/realtime/room-log';
import { aDeletion, aDraft, anEdit, aPin, aReaction } from '../support/a-message';

/** A log, and what a test has to arrange around it. */
export interface RoomLogStage {
  log: RoomLog;
  /** All users are its members. */
  aRoom(): Promise<number>;
  /** Drafts of this user must carry the name. */
  aUser(username: string): Promise<number>;
  closeRoom(roomId: number): Promise<void>;
  end(): Promise<void>;
}

export const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Ada and Bob in two fresh rooms of a log. */
export class RoomLogScene {
  room = 0;
  otherRoom = 0;

  private constructor(
    readonly stage: RoomLogStage,
    readonly ada: number,
    readonly bob: number,
  ) {}

  static async open(stage: RoomLogStage): Promise<RoomLogScene> {
    return new RoomLogScene(stage, await stage.aUser('Ada'), await stage.aUser('Bob'));
  }

  get log(): RoomLog {
    return this.stage.log;
  }

  async enterFreshRooms(): Promise<void> {
    this.room = await this.stage.aRoom();
    this.otherRoom = await this.stage.aRoom();
  }

  /** What Ada says in the room. */
  says(content: string, fields: Partial<MessageDraft> = {}): MessageDraft {
    return aDraft({ roomId: this.room, userId: this.ada, username: 'Ada', content, ...fields });
  }

  edits(messageId: number, content: string, userId = this.ada, fields: Partial<EditDraft> = {}): EditDraft {
    return anEdit({ roomId: this.room, messageId, content, userId, ...fields });
  }

  deletes(messageId: number, userId = this.ada, isAdmin = false): DeletionDraft {
    return aDeletion({ roomId: this.room, messageId, userId, isAdmin });
  }

  /** Ada's reaction to the first message. */
  reacts(emoji: string, fields: Partial<ReactionDraft> = {}): ReactionDraft {
    return aReaction({ roomId: this.room, userId: this.ada, emoji, ...fields });
  }

  /** Ada pins the first message, as an administrator. */
  pins(fields: Partial<PinDraft> = {}): PinDraft {
    return aPin({ roomId: this.room, userId: this.ada, ...fields });
  }

  /** Appends drafts that are all stored, or found to be stored. */
  async append(...drafts: Draft[]): Promise<Appended[]> {
    const results = await this.log.append(drafts);
    return results.map((result) => {
      if (result instanceof ChatError) throw result;
      return result;
    });
  }

  /** Appends one draft that is refused; gives the code and the outcome. */
  async refusalOf(draft: Draft): Promise<unknown> {
    const [result] = await this.log.append([draft]);
    return result instanceof ChatError ? [result.code, result.details.outcome] : result;
  }
}

/** The numbers that a draft has drawn: the change, and the message that it is of. */
export function numbers({ changes }: Appended): { seq: number; id: number }[] {
  return changes.map(({ seq, message }) => ({ seq, id: message.id }));
}

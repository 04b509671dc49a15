import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { codePointLength } from '../common/validation/is-text';
import { AppConfig } from '../config/app-config';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';
import { GroupCommit } from '../realtime/group-commit';
import { RateLimit } from '../realtime/rate-limit';
import type { Appended } from '../realtime/room-log';
import { RoomAccess } from '../rooms/room-access.service';
import { type HistoryQuery, MessageRepository } from './message.repository';

export interface MessageInput {
  content: string;
  clientMsgId?: string | null;
  replyToId?: number | null;
}

/** A message that stands in line for its commit. */
export interface Submitted {
  /** Resolves when the message is durable and announced; rejects with a `ChatError` that has an `outcome`. */
  committed: Promise<Appended>;
}

/** What people do with the messages of a room: judged here, numbered and kept by the log, read from it. */
@Injectable()
export class ChatService {
  private readonly sendLimit: RateLimit;

  constructor(
    private readonly access: RoomAccess,
    private readonly commits: GroupCommit,
    private readonly messages: MessageRepository,
    private readonly config: AppConfig,
    clock: Clock,
  ) {
    const { messages_per_window, rate_window_seconds } = config.limits;
    this.sendLimit = new RateLimit(clock, messages_per_window, rate_window_seconds * 1000);
  }

  /**
   * Puts a message in line, joining its author to a public room. Messages submitted one after the other are stored in
   * that order, without waiting for each other's commits. Rejects if the message may not be sent.
   */
  async submit(principal: Principal, roomId: number, input: MessageInput): Promise<Submitted> {
    const content = this.contentOf(input.content);
    this.countSend(principal, roomId);
    // Awaiting only what is not known already keeps one author's messages in one turn of the event loop.
    const grant = this.access.posting(principal, roomId);
    if (grant instanceof Promise) await grant;
    const committed = this.commits.append({
      kind: 'message',
      roomId,
      userId: principal.userId,
      username: principal.username,
      content,
      clientMsgId: input.clientMsgId ?? null,
      replyToId: input.replyToId ?? null,
    });
    return { committed };
  }

  /** `submit`, and waits for the commit. */
  async send(principal: Principal, roomId: number, input: MessageInput): Promise<Appended> {
    const { committed } = await this.submit(principal, roomId, input);
    return committed;
  }

  /** Replaces the text of the author's own message; the same text again changes nothing. */
  async edit(principal: Principal, roomId: number, messageId: number, text: string): Promise<Appended> {
    const content = this.contentOf(text);
    await this.access.reading(principal, roomId);
    const { userId } = principal;
    return this.commits.append({ kind: 'edit', roomId, messageId, userId, content });
  }

  /** Empties one's own message, or as a moderator anyone's; its place in the log stays. Repeated, it changes nothing. */
  async delete(principal: Principal, roomId: number, messageId: number): Promise<Appended> {
    const { canModerate } = await this.access.reading(principal, roomId);
    const { userId } = principal;
    return this.commits.append({ kind: 'deletion', roomId, messageId, userId, canModerate });
  }

  async get(principal: Principal, roomId: number, messageId: number): Promise<Message> {
    await this.access.reading(principal, roomId);
    const message = await this.messages.findOne(roomId, messageId);
    if (!message) throw new ChatError('message_not_found', { roomId, messageId });
    return message;
  }

  /** A page of history, oldest first. `cursor`, `after` and `around` exclude each other. */
  async history(principal: Principal, roomId: number, query: Partial<HistoryQuery>): Promise<HistoryPage> {
    const given = (['cursor', 'after', 'around'] as const).filter((key) => query[key] !== undefined);
    if (given.length > 1) throw ChatError.invalid(given[1]!, `excludes ${given[0]}`);
    await this.access.reading(principal, roomId);
    return this.messages.history(roomId, {
      ...query,
      limit: query.limit ?? this.config.limits.history_page_default,
    });
  }

  /** What changed after `afterSeq`, by `seq`. */
  async changes(
    principal: Principal,
    roomId: number,
    afterSeq: number,
    limit?: number,
  ): Promise<ChangesPage> {
    await this.access.reading(principal, roomId);
    return this.messages.changesAfter(roomId, afterSeq, limit ?? this.config.limits.changes_page_max);
  }

  private contentOf(text: string): string {
    const content = text.trim();
    if (content === '') throw new ChatError('message_empty', { outcome: 'not_stored' });
    const max = this.config.limits.message_max_chars;
    if (content.length > max && codePointLength(content) > max) {
      throw new ChatError('message_too_long', { outcome: 'not_stored' });
    }
    return content;
  }

  private countSend({ userId }: Principal, roomId: number): void {
    if (!this.config.rateLimitsEnabled) return;
    const retryAfterMs = this.sendLimit.take(`${userId}:${roomId}`);
    if (retryAfterMs > 0) throw new ChatError('rate_limited', { retryAfterMs, outcome: 'not_stored' });
  }
}

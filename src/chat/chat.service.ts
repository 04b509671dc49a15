import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { EncodedJson } from '../common/encoded-json';
import type { Principal } from '../common/principal';
import { SharedReads } from '../common/shared-reads';
import { codePointLength } from '../common/validation/is-text';
import { AppConfig } from '../config/app-config';
import type { ChangesPage, HistoryPage, Message } from '../protocol/models';
import { GroupCommit } from '../realtime/group-commit';
import type { RateLimit } from '../realtime/rate-limit';
import { RateLimits } from '../realtime/rate-limits';
import type { Appended } from '../realtime/room-log';
import { RoomAccess, type RoomGrant } from '../rooms/room-access.service';
import { Mentions } from './mentions.service';
import { canonicalEmoji } from './reactions';
import { type HistoryQuery, MessageRepository, type ThreadQuery } from './message.repository';
import { unknownParent } from './unknown-parent';

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
  /** Of the newest page, which everyone asks for who comes to a room. */
  private readonly newestPages = new SharedReads<EncodedJson<HistoryPage>>();

  constructor(
    private readonly access: RoomAccess,
    private readonly commits: GroupCommit,
    private readonly messages: MessageRepository,
    private readonly mentions: Mentions,
    private readonly config: AppConfig,
    rateLimits: RateLimits,
  ) {
    const { messages_per_window, rate_window_seconds } = config.limits;
    this.sendLimit = rateLimits.limit('messages', messages_per_window, rate_window_seconds * 1000);
  }

  /**
   * Puts a message in line, joining its author to a public room. Messages submitted one after the other are stored in
   * that order, without waiting for each other's commits. Rejects if the message may not be sent; one that was sent
   * before is answered as long as the room may be read, and joins nobody.
   */
  async submit(principal: Principal, roomId: number, input: MessageInput): Promise<Submitted> {
    const content = this.contentOf(input.content);
    this.countSend(principal, roomId);
    // Awaiting only what is not known already keeps one author's messages in one turn of the event loop.
    const granted = this.access.posting(principal, roomId);
    let grant: RoomGrant;
    try {
      grant = granted instanceof Promise ? await granted : granted;
      if (grant.memberRole === null) {
        const message = await this.sentBefore(principal, roomId, input);
        if (message) return duplicateOf(message);
        await this.checkParent(roomId, input);
        grant = await this.access.joining(principal, roomId);
      }
    } catch (refusal) {
      // A refusal that may pass is the sender's to try again. Behind a final one, the message may have been stored before.
      const isFinal = refusal instanceof ChatError && !refusal.isRetryable;
      const message = isFinal ? await this.sentBefore(principal, roomId, input) : null;
      if (!message) throw refusal;
      return duplicateOf(message);
    }
    const mentioned = this.mentions.of(grant, content);
    const committed = this.commits.append({
      kind: 'message',
      ...authorOf(principal, grant),
      username: principal.username,
      isSlowed: grant.isSlowed,
      content,
      mentions: mentioned && (await mentioned),
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
    const grant = await this.access.reading(principal, roomId);
    const mentions = await this.mentions.of(grant, content);
    return this.commits.append({ kind: 'edit', ...authorOf(principal, grant), messageId, content, mentions });
  }

  /** Empties one's own message, or as a moderator anyone's; its place in the log stays. Repeated, it changes nothing. */
  async delete(principal: Principal, roomId: number, messageId: number): Promise<Appended> {
    const grant = await this.access.reading(principal, roomId);
    return this.commits.append({ kind: 'deletion', ...authorOf(principal, grant), messageId });
  }

  /** Adds a member's reaction, or takes it back; repeated, it changes nothing. */
  async react(
    principal: Principal,
    roomId: number,
    messageId: number,
    reaction: { emoji: string; isOn: boolean },
  ): Promise<Appended> {
    const emoji = canonicalEmoji(reaction.emoji);
    const grant = await this.access.reading(principal, roomId);
    const { isOn } = reaction;
    return this.commits.append({ kind: 'reaction', ...authorOf(principal, grant), messageId, emoji, isOn });
  }

  /** Pins a message, or takes the pin away, for moderators; a system message tells of it. Repeated, it changes nothing. */
  async pin(principal: Principal, roomId: number, messageId: number, isOn: boolean): Promise<Appended> {
    const grant = await this.access.reading(principal, roomId);
    const { username } = principal;
    return this.commits.append({ kind: 'pin', ...authorOf(principal, grant), username, messageId, isOn });
  }

  async get(principal: Principal, roomId: number, messageId: number): Promise<Message> {
    await this.access.browsing(principal, roomId);
    const message = await this.messages.findOne(roomId, messageId);
    if (!message) throw new ChatError('message_not_found', { roomId, messageId });
    return message;
  }

  /** A page of history, oldest first. `cursor`, `after` and `around` exclude each other; `thread` goes with `after`. */
  async history(
    principal: Principal,
    roomId: number,
    { thread, ...query }: Partial<HistoryQuery & ThreadQuery>,
  ): Promise<EncodedJson<HistoryPage>> {
    const given = (['cursor', 'after', 'around'] as const).filter((key) => query[key] !== undefined);
    const excluded = thread === undefined ? given[1] : given.find((key) => key !== 'after');
    if (excluded) throw ChatError.invalid(excluded, `excludes ${thread === undefined ? given[0] : 'thread'}`);
    await this.access.browsing(principal, roomId);
    const { history_page_default, history_page_max } = this.config.limits;
    const limit = pageSize(query.limit ?? history_page_default, history_page_max);
    const read = async () => {
      const page = { ...query, limit };
      return new EncodedJson(
        thread === undefined
          ? await this.messages.history(roomId, page)
          : await this.messages.thread(roomId, { ...page, thread }),
      );
    };
    const isNewest = thread === undefined && given.length === 0;
    return isNewest ? this.newestPages.read(`${roomId}:${limit}`, read) : read();
  }

  /** What changed after `afterSeq`, by `seq`. */
  async changes(
    principal: Principal,
    roomId: number,
    afterSeq: number,
    limit?: number,
  ): Promise<ChangesPage> {
    await this.access.browsing(principal, roomId);
    const { changes_page_max } = this.config.limits;
    return this.messages.changesAfter(
      roomId,
      afterSeq,
      pageSize(limit ?? changes_page_max, changes_page_max),
    );
  }

  private async sentBefore(
    principal: Principal,
    roomId: number,
    { clientMsgId }: MessageInput,
  ): Promise<Message | null> {
    if (typeof clientMsgId !== 'string') return null;
    await this.access.browsing(principal, roomId);
    return this.messages.findSent(roomId, principal.userId, clientMsgId);
  }

  /** The log looks at it, too; but by a message that it refuses nobody is to become a member. */
  private async checkParent(roomId: number, { replyToId }: MessageInput): Promise<void> {
    if (typeof replyToId !== 'number') return;
    if (!(await this.messages.findOne(roomId, replyToId))) throw unknownParent();
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

/** What was stored before, as the answer to its repetition. */
function duplicateOf(message: Message): Submitted {
  return { committed: Promise.resolve({ message, isDuplicate: true, changes: [] }) };
}

function pageSize(limit: number, max: number): number {
  if (limit > max) throw ChatError.invalid('limit', `must be an integer from 1 to ${max}`);
  return limit;
}

/** What the log has to know of an author. */
function authorOf({ userId, role }: Principal, { roomId, accessVersion }: RoomGrant) {
  return { roomId, userId, isAdmin: role === 'admin', accessVersion };
}

import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error';
import { Clock } from '../common/clock';
import { ConcurrencyLimit } from '../common/concurrency-limit';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import { isStatementTimeout } from '../database/database-error';
import type { Message } from '../protocol/models';
import type { SearchPage } from '../protocol/search';
import type { RateLimit } from '../realtime/rate-limit';
import { RateLimits } from '../realtime/rate-limits';
import { RoomAccess } from '../rooms/room-access.service';
import { formatSearchPosition, parseSearchPosition } from './search-position';
import { type SearchFilter, SearchRepository } from './search.repository';
import { snippetOf } from './snippet';

export interface SearchInput {
  q: string;
  roomId?: number;
  authorId?: number;
  /** A time or a cursor. */
  before?: string;
  limit: number;
}

/** Full text search over what the caller may read now. */
@Injectable()
export class SearchService {
  private readonly searchLimit: RateLimit;
  /** One of each user's at a time: words that are common, but never together, take the database long. */
  private readonly searches: ConcurrencyLimit<number>;

  constructor(
    private readonly repository: SearchRepository,
    private readonly access: RoomAccess,
    private readonly config: AppConfig,
    rateLimits: RateLimits,
    clock: Clock,
  ) {
    this.searches = new ConcurrencyLimit(1, clock);
    this.searchLimit = rateLimits.limit(
      'searches',
      config.searchesPerWindow,
      config.limits.rate_window_seconds * 1000,
    );
  }

  /**
   * Messages with all the words, newest first. Throws `room_not_found` for a room that the caller may not read,
   * `search_timeout` when there is too much to look through, and `server_busy` when others' searches, or the caller's
   * own, leave no turn.
   */
  async search(principal: Principal, input: SearchInput): Promise<SearchPage> {
    const { q, roomId, authorId, limit } = input;
    const before = positionOf(input.before);
    if (roomId !== undefined) await this.access.reading(principal, roomId);
    this.count(principal);

    const { userId: readerId } = principal;
    const found = await this.searches.run(readerId, () =>
      this.find({ text: q, readerId, roomId, authorId, before, limit: limit + 1 }),
    );
    const messages = found.slice(0, limit);
    const has_more = found.length > limit;
    return {
      results: messages.map((message) => ({ message, snippet: snippetOf(message.content ?? '', q) })),
      has_more,
      next_cursor: has_more ? cursorAfter(messages[limit - 1]!) : null,
    };
  }

  private async find(filter: SearchFilter): Promise<Message[]> {
    try {
      return await this.repository.find(filter);
    } catch (cause) {
      throw isStatementTimeout(cause) ? new ChatError('search_timeout', { cause }) : cause;
    }
  }

  private count({ userId }: Principal): void {
    if (!this.config.rateLimitsEnabled) return;
    const retryAfterMs = this.searchLimit.take(String(userId));
    if (retryAfterMs > 0) throw new ChatError('rate_limited', { retryAfterMs });
  }
}

function positionOf(before: string | undefined): SearchFilter['before'] {
  if (before === undefined) return undefined;
  const position = parseSearchPosition(before);
  if (!position)
    throw ChatError.invalid('before', 'must be a time like 2026-01-01T09:20:00.000Z or a cursor');
  return position;
}

function cursorAfter({ created_at: time, room_id: roomId, id: messageId }: Message): string {
  return formatSearchPosition({ time, roomId, messageId });
}

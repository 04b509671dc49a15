import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import { RateLimit } from '../realtime/rate-limit';
import { RoomFeeds } from '../realtime/room-feeds';
import { RoomAccess } from '../rooms/room-access.service';

/** Lets the others in a room know who is writing. Nothing of it is stored, and some of it may be lost. */
@Injectable()
export class TypingService {
  private readonly intervalMs: number;
  private readonly passedOn: RateLimit;

  constructor(
    private readonly access: RoomAccess,
    private readonly feeds: RoomFeeds,
    config: AppConfig,
    clock: Clock,
  ) {
    this.intervalMs = config.limits.typing_interval_ms;
    this.passedOn = new RateLimit(clock, 1, this.intervalMs);
  }

  /** Tells it to the others, unless it was told within the interval. Throws for whoever may not post in the room. */
  async type(principal: Principal, roomId: number): Promise<void> {
    await this.access.writing(principal, roomId);
    const { userId, username } = principal;
    if (this.passedOn.take(`${userId}:${roomId}`) > 0) return;
    const data = {
      room_id: roomId,
      user_id: userId,
      username,
      // Someone who goes on typing is told of anew in time, even if one frame is lost.
      expires_in_ms: 2 * this.intervalMs,
    };
    this.feeds.announce(roomId, { type: 'typing', data }, userId);
  }
}

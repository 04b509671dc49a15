import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import type { ServerFrame } from '../protocol/frames';
import { NodeLink } from '../realtime/broker/node-link';
import { RateLimit } from '../realtime/rate-limit';
import { RoomFeeds } from '../realtime/room-feeds';
import { RoomAccess } from '../rooms/room-access.service';

/** Who types where. */
interface Typist {
  room_id: number;
  user_id: number;
  username: string;
}

/** Lets the others in a room know who is writing. Nothing of it is stored, and some of it may be lost. */
@Injectable()
export class TypingService {
  private readonly intervalMs: number;
  private readonly passedOn: RateLimit;

  constructor(
    private readonly access: RoomAccess,
    private readonly feeds: RoomFeeds,
    private readonly link: NodeLink,
    config: AppConfig,
    clock: Clock,
  ) {
    this.intervalMs = config.limits.typing_interval_ms;
    this.passedOn = new RateLimit(clock, 1, this.intervalMs);
    link.on('typing', ({ room_id, user_id, username }) => this.show({ room_id, user_id, username }));
  }

  /** Tells it to the others, unless it was told within the interval. Throws for whoever may not post in the room. */
  async type(principal: Principal, roomId: number): Promise<void> {
    await this.access.writing(principal, roomId);
    const typist = { room_id: roomId, user_id: principal.userId, username: principal.username };
    if (this.show(typist)) this.link.publish({ type: 'typing', ...typist });
  }

  /** Tells the readers on this node. False if they were told within the interval, by whatever node. */
  private show(typist: Typist): boolean {
    const { room_id, user_id } = typist;
    if (this.passedOn.take(`${user_id}:${room_id}`) > 0) return false;
    // Someone who goes on typing is told of anew in time, even if one frame is lost.
    const frame: ServerFrame = { type: 'typing', data: { ...typist, expires_in_ms: 2 * this.intervalMs } };
    this.feeds.hear({ type: 'frame', room_id, frame, except_user_id: user_id });
    return true;
  }
}

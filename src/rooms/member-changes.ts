import { Injectable } from '@nestjs/common';
import { CloseCode } from '../protocol/close-codes';
import type { MemberRole } from '../protocol/models';
import type { MemberChange, RoomEvent } from '../protocol/room-events';
import { RoomFeeds } from '../realtime/room-feeds';
import type { Change } from '../realtime/room-log';
import type { LockedRoom } from './locked-room';
import { MemberRepository } from './member.repository';
import { RightsChanges } from './rights-changes';
import { type EventActor, RoomEvents } from './room-events';
import { memberUpdated } from './room-models';

/** Puts an event into the log of the room that is being changed. */
export type RecordEvent = (event: RoomEvent) => Promise<void>;

/** What a change did to whom, for those who read the room. */
export interface MemberNews {
  user: { id: number; username: string };
  /** Null for someone who is not a member. */
  role: MemberRole | null;
  change: MemberChange;
}

/** With which code a member's readers end, and what they are told. */
const DEPARTURES: Partial<Record<MemberChange, [code: CloseCode, reason: string]>> = {
  left: [CloseCode.Normal, 'left the room'],
  removed: [CloseCode.Forbidden, 'removed from the room'],
  banned: [CloseCode.Forbidden, 'banned from the room'],
};

/** Changes what one user is in a room, or may do there; its log and its readers hear of it after the commit. */
@Injectable()
export class MemberChanges {
  constructor(
    private readonly members: MemberRepository,
    private readonly events: RoomEvents,
    private readonly rights: RightsChanges,
    private readonly feeds: RoomFeeds,
  ) {}

  /** Runs `change` with the room and the user held, and commits it together with the events that it records. */
  async commit<T>(
    { roomId, userId, actor }: { roomId: number; userId: number; actor: EventActor },
    change: (room: LockedRoom, record: RecordEvent) => Promise<T>,
  ): Promise<T> {
    const recorded: Change[] = [];
    try {
      const result = await this.members.changing(roomId, userId, (room) =>
        change(room, async (event) => {
          recorded.push(await this.events.record(room.manager, roomId, actor, event));
        }),
      );
      this.feeds.offer(recorded);
      return result;
    } catch (error) {
      // A connection lost during the commit leaves open what was stored.
      if (recorded.length > 0) this.feeds.doubt([roomId]);
      throw error;
    } finally {
      this.rights.member(roomId, userId);
    }
  }

  /** Tells the room's readers, and sends away whoever has to go. Call it after the commit. */
  tell(roomId: number, { user, role, change }: MemberNews): void {
    const departure = DEPARTURES[change];
    if (departure) this.feeds.removeUser(roomId, user.id, ...departure);
    const { id, username } = user;
    this.feeds.announce(roomId, memberUpdated(roomId, { id, username }, role, change));
  }
}

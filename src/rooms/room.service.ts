import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { ConcurrencyLimit } from '../common/concurrency-limit';
import { Clock } from '../common/clock';
import { isAdmin, type Principal } from '../common/principal';
import { AppConfig } from '../config/app-config';
import { AuditLog } from '../moderation/audit-log';
import type { AuditedAct } from '../moderation/audited-act';
import { CloseCode } from '../protocol/close-codes';
import type { Room, RoomPage } from '../protocol/models';
import type { RoomEvent } from '../protocol/room-events';
import { Presence } from '../realtime/presence';
import { RoomFeeds } from '../realtime/room-feeds';
import type { Change } from '../realtime/room-log';
import { MemberRepository } from './member.repository';
import { RightsChanges } from './rights-changes';
import { RoomEvents } from './room-events';
import { RoomLimits } from './room-limits';
import { roomUpdated, toRoom } from './room-models';
import { requireChanger, requireCloser, requireVisible } from './room-rules';
import type { RoomEntity } from './room.entity';
import {
  type RoomChanges,
  type RoomDraft,
  type RoomFilter,
  RoomRepository,
  type RoomUpdate,
} from './room.repository';
import { judge, type Rule } from './standing';

/**
 * Of one user's at once: with what is theirs in a thousand rooms a list takes long, and the connections to the database are
 * few and everyone's.
 */
const LISTS_AT_ONCE = 2;

/** The rooms themselves: made, found, changed and archived. Who is in them is the matter of `MemberService`. */
@Injectable()
export class RoomService {
  private readonly lists: ConcurrencyLimit<number>;

  constructor(
    private readonly config: AppConfig,
    private readonly rooms: RoomRepository,
    private readonly members: MemberRepository,
    private readonly audit: AuditLog,
    private readonly rights: RightsChanges,
    private readonly feeds: RoomFeeds,
    private readonly presence: Presence,
    private readonly events: RoomEvents,
    private readonly limits: RoomLimits,
    private readonly clock: Clock,
  ) {
    this.lists = new ConcurrencyLimit(LISTS_AT_ONCE, clock);
  }

  /** The creator becomes the owner. Throws `room_name_taken`, `limit_reached`. */
  async create(principal: Principal, draft: RoomDraft): Promise<Room> {
    if (this.config.roomCreation === 'admin' && !isAdmin(principal)) throw new ChatError('forbidden');
    const { userId } = principal;
    const roomId = await this.rooms.create(userId, draft, (manager) =>
      this.limits.requireAnother(manager, userId),
    );
    return this.get(principal, roomId);
  }

  /** Public rooms and the caller's own, by id. Throws `server_busy` when too many of the caller's lists are under way. */
  async list(principal: Principal, filter: RoomFilter): Promise<RoomPage> {
    const { limit } = filter;
    const { userId } = principal;
    const views = await this.lists.run(userId, () =>
      this.rooms.list(userId, { ...filter, limit: limit + 1 }),
    );
    const rooms = views.slice(0, limit).map((view) => toRoom(view, this.clock.now()));
    const has_more = views.length > limit;
    return { rooms, has_more, next_cursor: has_more ? rooms[limit - 1]!.id : null };
  }

  /** Also an archived room, for its members. */
  async get(principal: Principal, roomId: number): Promise<Room> {
    const view = await this.rooms.findKept(roomId, principal.userId);
    requireVisible(view, roomId);
    return toRoom(view, this.clock.now());
  }

  /** Throws `room_name_taken`. */
  async update(principal: Principal, roomId: number, changes: RoomChanges): Promise<Room> {
    const before = await this.rooms.find(roomId, principal.userId);
    requireChanger(before, principal, roomId);
    this.requireAllowed(changes);
    let hasChanged = false;
    if (Object.keys(changes).length > 0) {
      hasChanged = await this.change(principal, requireChanger, roomId, changes);
      if (changes.visibility === 'private') await this.sendStrangersAway(roomId);
    }

    const after = await this.rooms.find(roomId, principal.userId);
    if (!after) throw new ChatError('room_not_found', { roomId });
    const room = toRoom(after, this.clock.now());
    if (hasChanged) this.feeds.announce(roomId, roomUpdated(room));
    return room;
  }

  /**
   * Closes the room for good: gone from lists, its name free again, its log kept for its members to read. Closing it
   * again changes nothing.
   */
  async archive(principal: Principal, roomId: number): Promise<void> {
    const { userId } = principal;
    const finding = isAdmin(principal)
      ? this.rooms.findAny(roomId, userId)
      : this.rooms.findKept(roomId, userId);
    const view = await finding;
    requireCloser(view, principal, roomId);
    if (!view.room.isActive) return;
    try {
      await this.change(principal, requireCloser, roomId, { isActive: false });
    } catch (error) {
      if (!(error instanceof ChatError && error.code === 'room_not_found')) throw error;
      // Somebody else was faster: in archiving the room, or in taking it from the caller.
      return this.archive(principal, roomId);
    }
    this.feeds.closeRoom(roomId, { type: 'room_closed', data: { room_id: roomId } }, CloseCode.RoomClosed);
  }

  /** Tells whether anything was otherwise before. */
  private async change(actor: Principal, rule: Rule, roomId: number, wanted: RoomUpdate): Promise<boolean> {
    const recorded: Change[] = [];
    let hasChanged = false;
    const check = (manager: EntityManager, room: RoomEntity) => judge(manager, room, actor, rule);
    try {
      await this.rooms.update(roomId, wanted, check, async (manager, before, changes) => {
        hasChanged = true;
        for (const event of eventsOf(before, changes)) {
          recorded.push(await this.events.record(manager, roomId, actor, event));
        }
        await this.audit.record(manager, { ...actOf(changes), actorId: actor.userId, roomId });
      });
      this.feeds.offer(recorded);
      return hasChanged;
    } catch (error) {
      if (recorded.length > 0) this.feeds.doubt([roomId]);
      throw error;
    } finally {
      // Also after an error: a connection lost during the commit leaves open what was stored.
      if (hasChanged) this.rights.room(roomId);
    }
  }

  private requireAllowed({ slowModeSeconds = 0 }: RoomChanges): void {
    const max = this.config.limits.slow_mode_max_seconds;
    if (slowModeSeconds > max) throw ChatError.invalid('slow_mode_seconds', `must be at most ${max}`);
  }

  /** A public room may be read by anyone; once it is private, only its members go on reading. */
  private async sendStrangersAway(roomId: number): Promise<void> {
    const userIds = new Set([...this.feeds.userIds(roomId), ...this.presence.userIds(roomId)]);
    const strangers = await this.members.strangersAmong(roomId, [...userIds]);
    for (const userId of strangers) {
      this.feeds.removeUser(roomId, userId, CloseCode.Forbidden, 'the room is private now');
    }
  }
}

function actOf({ isActive, ...changes }: RoomUpdate): Pick<AuditedAct, 'action' | 'details'> {
  if (isActive === false) return { action: 'room.archived' };
  return { action: 'room.updated', details: detailsOf(changes) };
}

/** What an administrator may know of it: how the room is kept now, and only that it is called or described otherwise. */
function detailsOf({ visibility, slowModeSeconds, ...named }: RoomChanges): Record<string, unknown> {
  return {
    ...(Object.keys(named).length > 0 && { changed: Object.keys(named) }),
    ...(visibility !== undefined && { visibility }),
    ...(slowModeSeconds !== undefined && { slow_mode_seconds: slowModeSeconds }),
  };
}

/** What of the changes is one. */
function eventsOf(before: RoomEntity, changes: RoomChanges): RoomEvent[] {
  const { name, description, visibility, slowModeSeconds } = { ...before, ...changes };
  const events: RoomEvent[] = [
    { type: 'room_renamed', from: before.name, to: name },
    { type: 'room_description_changed', from: before.description, to: description },
    { type: 'room_visibility_changed', from: before.visibility, to: visibility },
    { type: 'room_slow_mode_changed', from: before.slowModeSeconds, to: slowModeSeconds },
  ];
  return events.filter((event) => 'to' in event && event.from !== event.to);
}

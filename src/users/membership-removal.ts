import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditLog } from '../moderation/audit-log';
import { CloseCode } from '../protocol/close-codes';
import type { MemberRole, RoomVisibility } from '../protocol/models';
import { RoomFeeds } from '../realtime/room-feeds';
import type { Change } from '../realtime/room-log';
import { MemberChanges } from '../rooms/member-changes';
import { RightsChanges } from '../rooms/rights-changes';
import { type EventActor, RoomEvents } from '../rooms/room-events';

/** A room that a user was in. */
interface LeftRoom {
  id: number;
  visibility: RoomVisibility;
  isActive: boolean;
  /** What the user was there. */
  role: MemberRole;
}

/** A room that has lost its last owner, and who is to follow; nobody if no member is left. */
interface Succession {
  roomId: number;
  heirId: number | null;
  username: string | null;
  role: MemberRole | null;
}

/** What was changed, to be told after the commit. */
interface Removal {
  user: EventActor;
  rooms: LeftRoom[];
  successions: Succession[];
  changes: Change[];
}

/** So many are held at once, for far less time than a message to one of them waits. */
const ROOMS_AT_ONCE = 50;

/** Takes a user whose account is deleted out of all rooms, and hands on those that would have no owner. */
@Injectable()
export class MembershipRemoval {
  constructor(
    private readonly events: RoomEvents,
    private readonly members: MemberChanges,
    private readonly rights: RightsChanges,
    private readonly feeds: RoomFeeds,
    private readonly audit: AuditLog,
    private readonly database: DataSource,
  ) {}

  /**
   * Takes a user out of the rooms that they are in by now, a few at a time, with a commit for each few. Interrupted, it
   * leaves somebody who has left some rooms, rightly, and is in the others as before.
   */
  async removeByAndBy(user: EventActor): Promise<void> {
    let after = 0;
    for (;;) {
      const roomIds = await this.roomsOf(user, after, ROOMS_AT_ONCE, this.database.manager);
      if (roomIds.length === 0) return;
      try {
        this.tell(await this.database.transaction((manager) => this.removeFrom(roomIds, user, manager)));
      } catch (error) {
        // A connection lost during the commit leaves open what was stored.
        this.feeds.doubt(roomIds);
        throw error;
      } finally {
        for (const roomId of roomIds) this.rights.member(roomId, user.userId);
      }
      after = roomIds.at(-1)!;
    }
  }

  /** Takes a user out of all rooms that are left, with the account held, so that none is added. */
  async removeRest(user: EventActor, manager: EntityManager): Promise<Removal> {
    return this.removeFrom(await this.roomsOf(user, 0, null, manager), user, manager);
  }

  private async roomsOf(
    { userId }: EventActor,
    after: number,
    limit: number | null,
    manager: EntityManager,
  ): Promise<number[]> {
    const rows = await manager.query<{ id: number }[]>(
      'SELECT room_id AS id FROM room_members WHERE user_id = $1 AND room_id > $2 ORDER BY room_id LIMIT $3',
      [userId, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Removes memberships of a user and counts the rooms down. A room without another owner goes to the
   * longest-serving moderator, or else member, those with an active account first; left by all, it is archived. The
   * rooms are locked in id order first, as appends to their logs do, so neither waits for the other in a circle.
   */
  private async removeFrom(
    roomIds: readonly number[],
    user: EventActor,
    manager: EntityManager,
  ): Promise<Removal> {
    const { userId } = user;
    await manager.query('SELECT FROM rooms WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [roomIds]);
    const [rooms] = await manager.query<[LeftRoom[], number]>(
      `WITH removed AS (
         DELETE FROM room_members WHERE user_id = $1 AND room_id = ANY ($2) RETURNING room_id, role
       )
       UPDATE rooms SET member_count = member_count - 1, access_version = access_version + 1
       FROM removed WHERE rooms.id = removed.room_id
       RETURNING id, visibility, is_active AS "isActive", role`,
      [userId, roomIds],
    );
    const owned = rooms.filter(({ role }) => role === 'owner').map(({ id }) => id);
    const successions = await this.handOn(owned, manager);
    await this.recordActs(userId, successions, manager);
    const changes = await this.record(user, { rooms, successions }, manager);
    return { user, rooms, successions, changes };
  }

  /** Call it after the commit. */
  tell({ user: { userId, username }, rooms, successions, changes }: Removal): void {
    this.feeds.offer(changes);
    for (const { id } of rooms) {
      const user = { id: userId, username };
      this.members.tell(id, { user, role: null, change: 'left' });
    }
    for (const { roomId, heirId, username: heirName } of successions) {
      this.rights.room(roomId);
      if (heirId === null) {
        const frame = { type: 'room_closed', data: { room_id: roomId } } as const;
        this.feeds.closeRoom(roomId, frame, CloseCode.RoomClosed);
      } else {
        this.rights.member(roomId, heirId);
        const user = { id: heirId, username: heirName! };
        this.members.tell(roomId, { user, role: 'owner', change: 'role_changed' });
      }
    }
  }

  private async handOn(roomIds: number[], manager: EntityManager): Promise<Succession[]> {
    const successions = await manager.query<Succession[]>(
      `SELECT DISTINCT ON (room.id) room.id AS "roomId", member.user_id AS "heirId", heir.username, member.role
         FROM rooms room
         LEFT JOIN room_members member ON member.room_id = room.id
         LEFT JOIN users heir ON heir.id = member.user_id
        WHERE room.id = ANY ($1) AND room.is_active
          AND NOT EXISTS (SELECT FROM room_members WHERE room_id = room.id AND role = 'owner')
        ORDER BY room.id, heir.is_active DESC, member.role = 'moderator' DESC, member.joined_at, member.user_id`,
      [roomIds],
    );
    const heirs = successions.filter(({ heirId }) => heirId !== null);
    await manager.query(
      `UPDATE room_members SET role = 'owner' FROM unnest($1::int[], $2::int[]) AS heir (room, id)
        WHERE room_id = heir.room AND user_id = heir.id`,
      [heirs.map(({ roomId }) => roomId), heirs.map(({ heirId }) => heirId)],
    );
    const left = successions.filter(({ heirId }) => heirId === null).map(({ roomId }) => roomId);
    await manager.query('UPDATE rooms SET is_active = false WHERE id = ANY ($1)', [left]);
    return successions;
  }

  /** A room that goes to somebody else, or ends, through no decision of theirs. */
  private async recordActs(
    actorId: number,
    successions: readonly Succession[],
    manager: EntityManager,
  ): Promise<void> {
    for (const { roomId, heirId, role } of successions) {
      const why = { actorId, roomId, reason: 'account deleted' };
      await this.audit.record(
        manager,
        heirId === null
          ? { ...why, action: 'room.archived' }
          : {
              ...why,
              action: 'room.handed_over',
              targetUserId: heirId,
              details: { from: role, to: 'owner' },
            },
      );
    }
  }

  private async record(
    actor: EventActor,
    { rooms, successions }: Pick<Removal, 'rooms' | 'successions'>,
    manager: EntityManager,
  ): Promise<Change[]> {
    const changes: Change[] = [];
    for (const { id, visibility, isActive } of rooms) {
      const succession = successions.find(({ roomId }) => roomId === id);
      if (isActive && visibility !== 'public' && succession?.heirId !== null) {
        const event = { type: 'member_left', user_id: actor.userId } as const;
        changes.push(await this.events.record(manager, id, actor, event));
      }
      if (succession?.heirId) {
        const { heirId: user_id, role } = succession;
        const event = { user_id, from: role!, to: 'owner' } as const;
        changes.push(await this.events.record(manager, id, actor, { type: 'role_changed', ...event }));
      }
    }
    return changes;
  }
}

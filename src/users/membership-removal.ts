import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../moderation/audit-log';
import { CloseCode } from '../protocol/close-codes';
import { DELETED_USERNAME, type MemberRole, type RoomVisibility } from '../protocol/models';
import { RoomFeeds } from '../realtime/room-feeds';
import type { Change } from '../realtime/room-log';
import { MemberChanges } from '../rooms/member-changes';
import { RightsChanges } from '../rooms/rights-changes';
import { RoomEvents } from '../rooms/room-events';

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
export interface Removal {
  userId: number;
  rooms: LeftRoom[];
  successions: Succession[];
  changes: Change[];
}

/** Takes a user whose account is deleted out of all rooms, and hands on those that would have no owner. */
@Injectable()
export class MembershipRemoval {
  constructor(
    private readonly events: RoomEvents,
    private readonly members: MemberChanges,
    private readonly rights: RightsChanges,
    private readonly feeds: RoomFeeds,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Removes every membership of a user and counts the rooms down. A room without another owner goes to the
   * longest-serving moderator, or else member, those with an active account first; left by all, it is archived. The
   * rooms are locked in id order first, as appends to their logs do, so neither waits for the other in a circle.
   */
  async removeAll(userId: number, manager: EntityManager): Promise<Removal> {
    const locked = await manager.query<{ id: number }[]>(
      `SELECT id FROM rooms WHERE id IN (SELECT room_id FROM room_members WHERE user_id = $1)
        ORDER BY id FOR NO KEY UPDATE`,
      [userId],
    );
    const [rooms] = await manager.query<[LeftRoom[], number]>(
      `WITH removed AS (
         DELETE FROM room_members WHERE user_id = $1 AND room_id = ANY ($2) RETURNING room_id, role
       )
       UPDATE rooms SET member_count = member_count - 1, access_version = access_version + 1
       FROM removed WHERE rooms.id = removed.room_id
       RETURNING id, visibility, is_active AS "isActive", role`,
      [userId, locked.map(({ id }) => id)],
    );
    const owned = rooms.filter(({ role }) => role === 'owner').map(({ id }) => id);
    const successions = await this.handOn(owned, manager);
    await this.recordActs(userId, successions, manager);
    const changes = await this.record(userId, { rooms, successions }, manager);
    return { userId, rooms, successions, changes };
  }

  /** Call it after the commit. */
  tell({ userId, rooms, successions, changes }: Removal): void {
    this.feeds.offer(changes);
    for (const { id } of rooms) {
      const user = { id: userId, username: DELETED_USERNAME };
      this.members.tell(id, { user, role: null, change: 'left' });
    }
    for (const { roomId, heirId, username } of successions) {
      this.rights.room(roomId);
      if (heirId === null) {
        const frame = { type: 'room_closed', data: { room_id: roomId } } as const;
        this.feeds.closeRoom(roomId, frame, CloseCode.RoomClosed);
      } else {
        this.rights.member(roomId, heirId);
        const user = { id: heirId, username: username! };
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
    userId: number,
    { rooms, successions }: Pick<Removal, 'rooms' | 'successions'>,
    manager: EntityManager,
  ): Promise<Change[]> {
    const actor = { userId, username: DELETED_USERNAME };
    const changes: Change[] = [];
    for (const { id, visibility, isActive } of rooms) {
      const succession = successions.find(({ roomId }) => roomId === id);
      if (isActive && visibility !== 'public' && succession?.heirId !== null) {
        const event = { type: 'member_left', user_id: userId } as const;
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

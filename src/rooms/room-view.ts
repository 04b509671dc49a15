import type { RoomMemberEntity } from './room-member.entity';
import { endMillis, stillHolds } from './restriction-end';
import type { RestrictionKind } from './room-restriction.entity';
import type { RoomEntity } from './room.entity';
import { unreadMentions } from './unread-mentions';

/** A room as one user finds it. */
export interface RoomView {
  room: RoomEntity;
  /** Null unless the user is a member. */
  my: Pick<RoomMemberEntity, 'role' | 'lastReadId' | 'joinedAt'> | null;
  /** Messages behind the user's reading mark that mention them. */
  mentionCount: number;
  /** Until when the user may not post, in milliseconds since the epoch: `Infinity` for good, 0 if they may. */
  mutedUntil: number;
  /** Whether the user is kept out. */
  isBanned: boolean;
  /** In a direct room the user name of the other one; null once that account was deleted, and in other rooms. */
  peerName: string | null;
}

/** The room's own columns, and the rest of the view. */
type RoomViewRow = RoomEntity & Omit<RoomView, 'room' | 'my'> & Partial<NonNullable<RoomView['my']>>;

/** What a direct room is called is the name of the other one. */
export const SHOWN_NAME = `CASE WHEN room.visibility = 'direct' THEN peer.username ELSE room.name END`;

const COLUMNS = `room.id, room.name, room.description, room.visibility, room.is_active AS "isActive",
  room.created_by AS "createdBy", room.member_count AS "memberCount", room.last_message_id AS "lastMessageId",
  room.last_seq AS "lastSeq", room.last_message_at AS "lastMessageAt", room.slow_mode_seconds AS "slowModeSeconds",
  room.access_version AS "accessVersion", room.created_at AS "createdAt", room.updated_at AS "updatedAt",
  my.role, my.last_read_id AS "lastReadId", my.joined_at AS "joinedAt",
  ${endMillis('mute')} AS "mutedUntil", ban.kind IS NOT NULL AS "isBanned", peer.username AS "peerName"`;

const MENTION_COUNT = unreadMentions({ roomId: 'page.id', userId: '$1', mark: 'page."lastReadId"' });

/**
 * SQL for rooms as the user `$1` finds them, by id: one row for each of the rooms that `rest` leaves, which it names
 * `room`, the user's membership `my`. Mentions are counted for those alone: as part of the inner query they would look
 * so costly that PostgreSQL no longer minds how it joins.
 *
 * Written by hand: an object mapper takes longer over a thousand rooms than the database.
 */
export function roomViews(rest: string, membership: 'optional' | 'required' = 'optional'): string {
  const page = `SELECT ${COLUMNS}
     FROM rooms room
     ${membership === 'required' ? 'JOIN' : 'LEFT JOIN'} room_members my ON my.room_id = room.id AND my.user_id = $1
     ${restriction('mute', '$1')}
     ${restriction('ban', '$1')} AND ${stillHolds('ban')}
     LEFT JOIN direct_rooms direct
       ON room.visibility = 'direct' AND direct.room_id = room.id AND $1 IN (direct.user_low, direct.user_high)
     LEFT JOIN users peer ON peer.id = direct.user_low + direct.user_high - $1
     ${rest}`;
  return `SELECT page.*, ${MENTION_COUNT} AS "mentionCount" FROM (${page}) page ORDER BY page.id`;
}

/** SQL that joins a restriction of the user, if there is one, under the name of its kind. */
export function restriction(kind: RestrictionKind, userId: string): string {
  return `LEFT JOIN room_restrictions ${kind}
       ON ${kind}.room_id = room.id AND ${kind}.user_id = ${userId} AND ${kind}.kind = '${kind}'`;
}

export function toRoomView(row: RoomViewRow): RoomView {
  const { role, lastReadId, joinedAt, mentionCount, mutedUntil, isBanned, peerName, ...room } = row;
  return {
    room,
    my: role ? { role, lastReadId: lastReadId!, joinedAt: joinedAt! } : null,
    mentionCount,
    mutedUntil,
    isBanned,
    peerName,
  };
}

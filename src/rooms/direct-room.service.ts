import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ChatError } from '../common/chat-error';
import type { Principal } from '../common/principal';
import type { Room } from '../protocol/models';
import { UserEntity } from '../users/user.entity';
import { DirectRoomEntity } from './direct-room.entity';
import { MemberChanges } from './member-changes';
import { RoomMemberEntity } from './room-member.entity';
import { RoomService } from './room.service';

/** What is stored for a name: to each of the two the room is called like the other, by the name of that moment. */
const STORED_NAME = 'direct';

/** The rooms of two: one for each pair, of which both stay members whatever happens. */
@Injectable()
export class DirectRoomService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rooms: RoomService,
    private readonly changes: MemberChanges,
  ) {}

  /** Gives the room of the two, made if there is none yet; also when both ask at once. Throws `user_not_found`. */
  async open(principal: Principal, peerId: number): Promise<{ room: Room; isNew: boolean }> {
    if (peerId === principal.userId) throw ChatError.invalid('user_id', 'must be somebody else');
    const pair = [principal.userId, peerId].sort((a, b) => a - b);
    const { roomId, isNew, missing } = await this.dataSource.transaction(async (manager) => {
      // Held in the order of their ids, so whoever asks second waits here, and then finds the room.
      const users = await manager.find(UserEntity, {
        where: { id: In(pair), isActive: true },
        order: { id: 'ASC' },
        lock: { mode: 'for_no_key_update' },
      });
      if (users.length < 2) throw new ChatError('user_not_found', { userId: peerId });
      return findOrMake(manager, pair as [number, number], principal.userId);
    });
    for (const userId of missing) await this.bringBack(principal, roomId, userId);
    return { room: await this.rooms.get(principal, roomId), isNew };
  }

  /** Somebody who was deleting their account, which then did not come to its end, has left. */
  private async bringBack(principal: Principal, roomId: number, userId: number): Promise<void> {
    const user = await this.changes.commit({ roomId, userId, actor: principal }, async (room, record) => {
      if (await room.member()) return null;
      const { id, username } = room.requireActiveUser();
      await record({ type: 'member_added', user_id: id, role: 'member' });
      await room.add('member');
      return { id, username };
    });
    if (user) this.changes.tell(roomId, { user, role: 'member', change: 'added' });
  }
}

/** Also gives who of the two is not a member. */
async function findOrMake(
  manager: EntityManager,
  [userLow, userHigh]: [number, number],
  creatorId: number,
): Promise<{ roomId: number; isNew: boolean; missing: number[] }> {
  const known = await manager.findOneBy(DirectRoomEntity, { userLow, userHigh });
  if (known) {
    const { roomId } = known;
    const members = await manager.findBy(RoomMemberEntity, { roomId });
    const missing = [userLow, userHigh].filter((id) => !members.some(({ userId }) => userId === id));
    return { roomId, isNew: false, missing };
  }
  const [made] = await manager.query<{ room_id: number }[]>(
    `WITH room AS (
       INSERT INTO rooms (name, visibility, created_by, member_count) VALUES ($4, 'direct', $3, 2) RETURNING id
     ), members AS (
       INSERT INTO room_members (room_id, user_id, role)
       SELECT room.id, user_id, 'member' FROM room, unnest(ARRAY[$1, $2]::int[]) AS user_id
     )
     INSERT INTO direct_rooms (user_low, user_high, room_id) SELECT $1, $2, id FROM room RETURNING room_id`,
    [userLow, userHigh, creatorId, STORED_NAME],
  );
  return { roomId: made!.room_id, isNew: true, missing: [] };
}

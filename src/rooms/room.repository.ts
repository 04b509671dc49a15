import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ChatError } from '../common/chat-error';
import { isUniqueViolation } from '../database/database-error';
import { type RoomView, roomViews, SHOWN_NAME, toRoomView } from './room-view';
import { RoomEntity } from './room.entity';

export interface RoomFilter {
  /** Rooms with a greater id. */
  after: number;
  limit: number;
  /** Part of the name, whatever the case. */
  search?: string;
  /** Only rooms that the user is a member of. */
  joined: boolean;
}

export type RoomDraft = Pick<RoomEntity, 'name' | 'description' | 'visibility'>;
export type RoomChanges = Partial<RoomDraft & Pick<RoomEntity, 'slowModeSeconds'>>;

/** What may be done to a room: archived, too. */
export type RoomUpdate = RoomChanges & Partial<Pick<RoomEntity, 'isActive'>>;

const VISIBLE = `(room.visibility = 'public' OR my.user_id IS NOT NULL)`;

/** For `roomViews`: of the rooms with an id above `$2` that the user is not banned from, the first `$3`. */
function page(condition = 'true'): string {
  return `WHERE room.is_active AND room.id > $2 AND ban.kind IS NULL AND ${condition} ORDER BY room.id LIMIT $3`;
}

/**
 * Rooms by their names, with an index that leaves few for the comparison (`name_query`), and direct ones by the other's
 * name, among the user's own. Together they would be found by neither.
 */
const FOUND_BY_NAME = `
  (${roomViews(
    page(`${VISIBLE} AND room.visibility <> 'direct'
      AND name_parts(room.name) @@ name_query($5) AND room.name ILIKE $4`),
  )})
  UNION ALL
  (${roomViews(page(`room.visibility = 'direct' AND peer.username ILIKE $4`), 'required')})
  ORDER BY id LIMIT $3`;

/**
 * The rooms. An archived one is found by `findKept`, `findAny` alone: its members may still read it.
 *
 * Nothing here writes the counters of a room's log, and a change of a room's row is a few statements at
 * most: the lock on that row is what orders the log, so it is never held for long.
 */
@Injectable()
export class RoomRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(roomId: number, userId: number): Promise<RoomView | null> {
    const view = await this.findKept(roomId, userId);
    return view?.room.isActive ? view : null;
  }

  /** As `find`; and an archived room, for those who were its members. */
  async findKept(roomId: number, userId: number): Promise<RoomView | null> {
    const view = await this.findAny(roomId, userId);
    return view && (view.room.isActive || view.my) ? view : null;
  }

  /** As `findKept`, but for anyone: only for who may know of every room. */
  async findAny(roomId: number, userId: number): Promise<RoomView | null> {
    const [view] = await this.views(roomViews('WHERE room.id = $2'), [userId, roomId]);
    return view ?? null;
  }

  /** Public rooms, but those that the user is banned from, and their own; by id, in one query with what is theirs in each. */
  async list(userId: number, { after, limit, search, joined }: RoomFilter): Promise<RoomView[]> {
    const parameters: unknown[] = [userId, after, limit];
    if (!search) {
      return this.views(joined ? roomViews(page(), 'required') : roomViews(page(VISIBLE)), parameters);
    }
    parameters.push(`%${escapeLike(search)}%`);
    if (joined) return this.views(roomViews(page(`${SHOWN_NAME} ILIKE $4`), 'required'), parameters);
    return this.views(FOUND_BY_NAME, [...parameters, search]);
  }

  /** Stores a room with its creator as the owner, after `check` in the same transaction; gives its id. Throws `room_name_taken`. */
  async create(
    creatorId: number,
    { name, description, visibility }: RoomDraft,
    check: (manager: EntityManager) => Promise<void>,
  ): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await check(manager);
      const insert = manager.query<{ room_id: number }[]>(
        `WITH room AS (
           INSERT INTO rooms (name, description, visibility, created_by, member_count)
           VALUES ($2, $3, $4, $1, 1) RETURNING id)
         INSERT INTO room_members (room_id, user_id, role) SELECT id, $1, 'owner' FROM room RETURNING room_id`,
        [creatorId, name, description, visibility],
      );
      const [created] = await insert.catch(rethrowNameTaken);
      return created!.room_id;
    });
  }

  /**
   * Changes a room, or archives it, after `check`; `then` runs with the room as it was and what of the changes is one.
   * Without any, nothing happens. All in one transaction, which holds the room from its first statement to the commit.
   * Throws `room_not_found`, `room_name_taken`, and what `check` throws.
   */
  async update(
    roomId: number,
    wanted: RoomUpdate,
    check: (manager: EntityManager, before: RoomEntity) => Promise<unknown>,
    then: (manager: EntityManager, before: RoomEntity, changes: RoomUpdate) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const before = await manager.findOne(RoomEntity, {
        where: { id: roomId, isActive: true },
        lock: { mode: 'for_no_key_update' },
      });
      if (!before) throw new ChatError('room_not_found', { roomId });
      await check(manager, before);
      const changes = differing(before, wanted);
      if (Object.keys(changes).length === 0) return;
      const update = manager.update(
        RoomEntity,
        { id: roomId },
        { ...changes, ...(takesRights(changes) && { accessVersion: () => 'access_version + 1' }) },
      );
      await update.catch(rethrowNameTaken);
      await then(manager, before, changes);
    });
  }

  private async views(sql: string, parameters: unknown[]): Promise<RoomView[]> {
    return (await this.dataSource.query<Parameters<typeof toRoomView>[0][]>(sql, parameters)).map(toRoomView);
  }
}

function differing(room: RoomEntity, wanted: RoomUpdate): RoomUpdate {
  const keys = Object.keys(wanted) as (keyof RoomUpdate)[];
  return Object.fromEntries(keys.filter((key) => room[key] !== wanted[key]).map((key) => [key, wanted[key]]));
}

/** Who may read and post, and how often, depends on these: the log asks for everyone's rights anew. */
function takesRights({ visibility, slowModeSeconds, isActive }: RoomUpdate): boolean {
  return [visibility, slowModeSeconds, isActive].some((value) => value !== undefined);
}

/** Two people who choose one name at once meet at the unique index, so nothing asks beforehand. */
function rethrowNameTaken(error: unknown): never {
  throw isUniqueViolation(error, 'rooms_name_key') ? new ChatError('room_name_taken') : error;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../../../src/auth/access-token.service';
import { createInviteCode } from '../../../src/rooms/invite-code';
import { MemberService } from '../../../src/rooms/member.service';
import { RestrictionService } from '../../../src/rooms/restriction.service';
import { RoomAccess } from '../../../src/rooms/room-access.service';
import type { Principal } from '../../../src/common/principal';
import { Person } from '../../support/person';
import type { TestServer } from '../../support/test-server';
import { type Cell, CELLS, type RoomKind } from './actors';
import type { Cast } from './cast';
import { aWord, isEvicted, type MatrixRoom, planOf } from './room-plan';
import { storeRooms } from './store-rooms';

const ABSENT_ID = 999_999_999;

/** Rooms for the matrix, a fresh one for each cell, written to the database a whole table at a time: 1 ms each. */
export class MatrixRooms {
  constructor(
    private readonly server: TestServer,
    private readonly cast: Cast,
  ) {}

  /** A room for each cell. With `evict` false, those who are to be removed or banned are still members. */
  async make(cells: readonly Cell[] = CELLS, { evict = true } = {}): Promise<MatrixRoom[]> {
    const present = cells.filter(isPresent);
    const peers = await this.strangers(present.filter(({ kind }) => kind === 'direct').length);
    const plans = present.map((cell) =>
      planOf(cell, cell.kind, this.cast, cell.kind === 'direct' ? peers.pop()! : this.cast.others.author),
    );
    const made = await storeRooms(this.server.dataSource, plans);
    if (evict) await Promise.all(made.filter(isEvicted).map((room) => this.evict(room)));
    return cells.map(
      (cell) => made.find((room) => room.kind === cell.kind && room.actor === cell.actor) ?? absent(cell),
    );
  }

  /** Removes or bans the actor, who has just been let in: nothing that the server remembers of that may count. */
  async evict({ id, actor }: MatrixRoom): Promise<void> {
    const { app } = this.server;
    const { [actor]: loser, owner } = this.cast.actors;
    await app.get(RoomAccess).posting(principalOf(loser), id);
    if (actor === 'removed') {
      await app.get(MemberService).remove(principalOf(owner), id, loser.id);
    } else {
      const order = { kind: 'ban', reason: null, until: null } as const;
      await app.get(RestrictionService).restrict(principalOf(owner), id, loser.id, order);
    }
  }

  /** What the rooms are like: one text for each, which differs as soon as anything in or about the room does. */
  async states(rooms: readonly MatrixRoom[]): Promise<Map<number, string>> {
    const rows = await this.server.dataSource.query<{ id: number; state: string }[]>(
      `SELECT room.id, concat_ws('|', room,
         (SELECT array_agg(it ORDER BY user_id) FROM room_members it WHERE room_id = room.id),
         (SELECT array_agg(it ORDER BY user_id, kind) FROM room_restrictions it WHERE room_id = room.id),
         (SELECT array_agg(it ORDER BY id) FROM messages it WHERE room_id = room.id),
         (SELECT array_agg(it ORDER BY id) FROM room_invites it WHERE room_id = room.id),
         (SELECT array_agg(it ORDER BY message_id, reporter_id) FROM reports it WHERE room_id = room.id),
         (SELECT count(*) FROM audit_log it WHERE room_id = room.id)) AS state
       FROM rooms room WHERE id = ANY ($1)`,
      [rooms.map(({ id }) => id)],
    );
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  /** People whom nobody knows: each is the other one in a room of two. */
  private async strangers(count: number): Promise<Person[]> {
    const { app, dataSource } = this.server;
    const rows = await dataSource.query<{ id: number; username: string; session_id: string }[]>(
      `WITH peer AS (
         INSERT INTO users (username, email, password_hash)
         SELECT name, name || '@example.com', 'none'
           FROM (SELECT left('peer-' || gen_random_uuid(), 30) AS name FROM generate_series(1, $1)) AS named
         RETURNING id, username
       ), session AS (
         INSERT INTO sessions (id, user_id, expires_at)
         SELECT gen_random_uuid(), id, now() + interval '1 day' FROM peer RETURNING id, user_id
       )
       SELECT peer.*, session.id AS session_id FROM peer JOIN session ON session.user_id = peer.id`,
      [count],
    );
    const tokens = app.get(AccessTokens, { strict: false });
    return rows.map(({ id, username, session_id }) => {
      return new Person(this.server, id, username, tokens.sign({ id, role: 'user' }, session_id));
    });
  }
}

function isPresent(cell: Cell): cell is Cell & { kind: Exclude<RoomKind, 'absent'> } {
  return cell.kind !== 'absent';
}

function absent(cell: Cell): MatrixRoom {
  return {
    ...cell,
    id: ABSENT_ID,
    name: aWord(),
    word: aWord(),
    inviteCode: createInviteCode().code,
    inviteId: 1,
    reportId: ABSENT_ID,
    witness: null,
  };
}

function principalOf({ id: userId, username }: Person): Principal {
  return { userId, username, role: 'user', sessionId: randomUUID() };
}

import type { MemberRole } from '../../../src/protocol/models';
import { type Answer, aPerson, Person } from '../../support/person';
import { startTestServer, type TestServer } from '../../support/test-server';

const ACTORS = ['anonymous', 'stranger', 'banned', 'member', 'moderator', 'owner', 'admin'] as const;
export type Actor = (typeof ACTORS)[number];

export const ROOM_KINDS = ['public', 'private', 'direct', 'archived', 'absent'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

const ABSENT_ID = 999_999;

/** A call to the API with its status for each actor, in the order of `ACTORS`. */
export type Row = Record<RoomKind, number[]>;

/** A server with somebody for each part that one can have in a room, and an author of messages. */
export class RoomStage {
  private constructor(
    readonly server: TestServer,
    readonly actors: Record<Actor, Person>,
    readonly author: Person,
  ) {}

  static async build(): Promise<RoomStage> {
    const server = await startTestServer();
    const people = ACTORS.map(async (name) => {
      if (name === 'anonymous') return [name, new Person(server, 0, name, '')] as const;
      return [name, await aPerson(server, name, name === 'admin' ? 'admin' : 'user')] as const;
    });
    const actors = Object.fromEntries(await Promise.all(people)) as Record<Actor, Person>;
    return new RoomStage(server, actors, await aPerson(server, 'author'));
  }

  /** A room with one message, which is `content`, by somebody who has left. The administrator is no member. */
  async aRoom(kind: RoomKind, content: string): Promise<number> {
    if (kind === 'absent') return ABSENT_ID;
    const { dataSource } = this.server;
    const visibility = kind === 'archived' ? 'public' : kind;
    const [room] = await dataSource.query<{ id: number }[]>(
      `INSERT INTO rooms (name, visibility, is_active, member_count, last_message_id, last_seq)
       VALUES (gen_random_uuid(), $1, $2, 3, 1, 1) RETURNING id`,
      [visibility, kind !== 'archived'],
    );
    const roles: MemberRole[] = ['owner', 'moderator', 'member'];
    await dataSource.query(
      `INSERT INTO room_members (room_id, user_id, role) SELECT $1, * FROM unnest($2::int[], $3::text[])`,
      [room!.id, roles.map((role) => this.actors[role].id), roles],
    );
    await dataSource.query(`INSERT INTO room_restrictions (room_id, user_id, kind) VALUES ($1, $2, 'ban')`, [
      room!.id,
      this.actors.banned.id,
    ]);
    await dataSource.query(
      `INSERT INTO messages (room_id, id, seq, user_id, content, created_at) VALUES ($1, 1, 1, $2, $3, now())`,
      [room!.id, this.author.id, content],
    );
    return room!.id;
  }

  /** What each actor gets for a call, in a room of their own each. */
  async statuses(
    call: (actor: Person, roomId: number) => Promise<Answer<unknown>>,
    kind: RoomKind,
  ): Promise<number[]> {
    const answers = ACTORS.map(async (name) => call(this.actors[name], await this.aRoom(kind, 'hello')));
    return (await Promise.all(answers)).map(({ status }) => status);
  }
}

/** An answer without what differs from request to request. */
export function comparable({ status, headers, body }: Answer<unknown>): unknown {
  const perRequest = ['date', 'x-request-id'];
  return {
    status,
    headers: [...headers].filter(([name]) => !perRequest.includes(name)),
    body: JSON.stringify({ ...(body as object), request_id: '' }),
  };
}

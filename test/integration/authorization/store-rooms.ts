import type { DataSource } from 'typeorm';
import { createInviteCode } from '../../../src/rooms/invite-code';
import { type MatrixRoom, MESSAGE, REACTION, type RoomPlan } from './room-plan';

/** Stores planned rooms with all that belongs to them, in one statement for each table. */
export async function storeRooms(dataSource: DataSource, plans: readonly RoomPlan[]): Promise<MatrixRoom[]> {
  const inserts = new Inserts(dataSource);
  const ids = await inserts.numbered(
    `rooms (name, visibility, is_active, member_count, last_message_id, last_seq)`,
    ['text', 'text', 'bool', 'int', 'bigint', 'bigint'],
    plans.map(({ name, visibility, isActive, members }) => [
      name,
      visibility,
      isActive,
      members.length,
      3,
      3,
    ]),
  );
  const rooms = plans.map((plan, index) => ({ ...plan, id: ids[index]!, invite: createInviteCode() }));

  await inserts.rows(
    `room_members (room_id, user_id, role)`,
    ['int', 'int', 'text'],
    rooms.flatMap(({ id, members }) => members.map(({ user, role }) => [id, user.id, role])),
  );
  await inserts.rows(
    `room_restrictions (room_id, user_id, kind)`,
    ['int', 'int', 'text'],
    rooms.flatMap(({ id, restrictions }) => restrictions.map(({ user, kind }) => [id, user.id, kind])),
  );
  await inserts.rows(
    `direct_rooms (room_id, user_low, user_high)`,
    ['int', 'int', 'int'],
    rooms
      .filter(({ visibility }) => visibility === 'direct')
      .map(({ id, members }) => [id, ...members.map(({ user }) => user.id).sort((a, b) => a - b)]),
  );
  await inserts.rows(
    `messages (room_id, id, seq, user_id, content, reactions, pinned_at, created_at)`,
    ['int', 'bigint', 'bigint', 'int', 'text', 'jsonb', 'timestamptz', 'timestamptz'],
    rooms.flatMap((room) => messagesOf(room).map((message) => [room.id, ...message])),
  );
  await inserts.rows(
    `search_backlog (room_id, first_id, last_id)`,
    ['int', 'bigint', 'bigint'],
    rooms.map((room) => [room.id, 1, messagesOf(room).length]),
  );
  const reportIds = await inserts.numbered(
    `reports (room_id, message_id, reporter_id, reason)`,
    ['int', 'bigint', 'int', 'text'],
    rooms.map(({ id, reporter }) => [id, MESSAGE.ofAuthor, reporter.id, 'spam']),
  );
  const inviteIds = await inserts.numbered(
    `room_invites (room_id, code_hash, max_uses)`,
    ['int', 'bytea', 'int'],
    rooms.map(({ id, invite }) => [id, invite.hash, 5]),
  );
  return rooms.map(({ cell, id, name, word, invite, witness }, index) => ({
    ...cell,
    id,
    name,
    word,
    witness,
    // Into a room of two nobody can be invited: its code is as good as none.
    inviteCode: cell.kind === 'direct' ? createInviteCode().code : invite.code,
    inviteId: inviteIds[index]!,
    reportId: reportIds[index]!,
  }));
}

class Inserts {
  constructor(private readonly dataSource: DataSource) {}

  async rows(into: string, types: readonly string[], rows: readonly unknown[][]): Promise<void> {
    await this.insert(into, types, rows);
  }

  /** Inserts into a table that numbers its rows; gives the numbers in the order of the rows. */
  async numbered(into: string, types: readonly string[], rows: readonly unknown[][]): Promise<number[]> {
    const inserted = await this.insert<{ id: number }>(into, types, rows, 'RETURNING id');
    return inserted.map(({ id }) => id).sort((a, b) => a - b);
  }

  private insert<Row>(
    into: string,
    types: readonly string[],
    rows: readonly unknown[][],
    returning = '',
  ): Promise<Row[]> {
    const columns = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
    return this.dataSource.query<Row[]>(
      `INSERT INTO ${into} SELECT * FROM unnest(${columns}) ${returning}`,
      types.map((_, index) => rows.map((row) => row[index])),
    );
  }
}

function messagesOf({ author, actor, word }: RoomPlan): unknown[][] {
  const reactions = actor ? [{ emoji: REACTION, count: 1, user_ids: [actor.id] }] : [];
  const now = new Date();
  return [
    [MESSAGE.ofAuthor, 1, author.id, `hello ${word}`, JSON.stringify(reactions), null, now],
    [MESSAGE.ofActor, 2, (actor ?? author).id, 'my own words', '[]', null, now],
    [MESSAGE.pinned, 3, author.id, 'keep this', '[]', now, now],
  ];
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { askedTogether, OF_A_CROWD } from '../common/asked-together';
import { Clock } from '../common/clock';
import { type NamedStatement, runNamed } from '../database/run-statement';
import type { AccessFacts } from './access-cache';
import { endMillis } from './restriction-end';
import { restriction } from './room-view';

/** A user in a room. */
interface AccessKey {
  roomId: number;
  userId: number;
}

const FACTS: NamedStatement = {
  name: 'access-facts',
  text: `SELECT asked.nr, room.is_active AS "isActive", room.visibility, room.access_version AS "accessVersion",
       room.slow_mode_seconds AS "slowModeSeconds", member.role AS "memberRole",
       ${endMillis('ban')} AS "bannedUntil", ${endMillis('mute')} AS "mutedUntil"
  FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS asked (room_id, user_id, nr)
  JOIN rooms room ON room.id = asked.room_id
  LEFT JOIN room_members member ON member.room_id = room.id AND member.user_id = asked.user_id
  ${restriction('ban', 'asked.user_id')} ${restriction('mute', 'asked.user_id')}`,
};

/** What decides on reading and posting, and nothing else: by primary keys alone. */
@Injectable()
export class AccessRepository {
  private readonly find: (key: AccessKey) => Promise<AccessFacts | null>;

  constructor(
    private readonly dataSource: DataSource,
    clock: Clock,
  ) {
    this.find = askedTogether(clock, (keys) => this.findMany(keys), OF_A_CROWD);
  }

  /** Of an archived room, too; null for none. Those who ask at the same moment share a query. */
  findAccess(roomId: number, userId: number): Promise<AccessFacts | null> {
    return this.find({ roomId, userId });
  }

  private async findMany(keys: readonly AccessKey[]): Promise<(AccessFacts | null)[]> {
    const rows = await runNamed<AccessFacts & { nr: number }>(this.dataSource, FACTS, [
      keys.map(({ roomId }) => roomId),
      keys.map(({ userId }) => userId),
    ]);
    const found = new Map(rows.map(({ nr, ...facts }) => [nr, facts]));
    return keys.map((_, index) => found.get(index + 1) ?? null);
  }
}

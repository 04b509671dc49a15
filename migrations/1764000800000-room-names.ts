import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The most that a name may have. */
const NAME_MAX_CHARS = 100;

/** Keeps the names of public rooms apart, and no others: that a name is taken would tell a stranger of a private room. */
export class RoomNames1764000800000 implements MigrationInterface {
  name = 'RoomNames1764000800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_name_key`);
    await queryRunner.query(`
      CREATE UNIQUE INDEX rooms_name_key ON rooms (lower(name)) WHERE is_active AND visibility = 'public'`);
  }

  /** Rooms whose names the older rule does not tell apart get their ids into them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_name_key`);
    // Again if somebody has called a room what another is called now.
    for (let round = 1; (await tellApart(queryRunner, round)) > 0; round++);
    await queryRunner.query(`
      CREATE UNIQUE INDEX rooms_name_key ON rooms (lower(name)) WHERE is_active AND visibility <> 'direct'`);
  }
}

/** Of those with one name the public room keeps it, or else the oldest. Resolves with how many got another. */
async function tellApart(queryRunner: QueryRunner, round: number): Promise<number> {
  const [, renamed] = (await queryRunner.query(
    `UPDATE rooms SET name = left(name, $1::int - length(suffix)) || suffix
     FROM (
       SELECT id, format(' (%s)', concat_ws('.', id, nullif($2::int, 1))) AS suffix,
         row_number() OVER (PARTITION BY lower(name) ORDER BY visibility <> 'public', id) AS place
       FROM rooms WHERE is_active AND visibility <> 'direct'
     ) ranked
     WHERE ranked.id = rooms.id AND place > 1`,
    [NAME_MAX_CHARS, round],
  )) as [unknown, number];
  return renamed;
}

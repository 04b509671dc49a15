import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps the names of public rooms apart, and no others: that a name is taken would tell a stranger of a private room. */
export class RoomNames1764000800000 implements MigrationInterface {
  name = 'RoomNames1764000800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_name_key`);
    await queryRunner.query(`
      CREATE UNIQUE INDEX rooms_name_key ON rooms (lower(name)) WHERE is_active AND visibility = 'public'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_name_key`);
    await queryRunner.query(`
      CREATE UNIQUE INDEX rooms_name_key ON rooms (lower(name)) WHERE is_active AND visibility <> 'direct'`);
  }
}

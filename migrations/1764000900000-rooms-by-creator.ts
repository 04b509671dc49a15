import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts the rooms that a user has made. It covers no counter of a room's log, so their updates stay HOT. */
export class RoomsByCreator1764000900000 implements MigrationInterface {
  name = 'RoomsByCreator1764000900000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX rooms_created_by ON rooms (created_by) WHERE is_active AND visibility <> 'direct'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_created_by`);
  }
}

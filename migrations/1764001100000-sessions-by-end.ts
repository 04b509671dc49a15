import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the sessions that ended long ago, to remove them. */
export class SessionsByEnd1764001100000 implements MigrationInterface {
  name = 'SessionsByEnd1764001100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX sessions_expires_at ON sessions (expires_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX sessions_expires_at`);
  }
}

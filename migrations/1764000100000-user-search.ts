import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Searches for users by how a name begins; the user name's unique index serves them already. */
export class UserSearch1764000100000 implements MigrationInterface {
  name = 'UserSearch1764000100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX users_display_name ON users (lower(display_name) text_pattern_ops) WHERE display_name IS NOT NULL`,
    );
    await queryRunner.query(`CREATE INDEX users_email_prefix ON users (lower(email) text_pattern_ops)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX users_display_name, users_email_prefix`);
  }
}

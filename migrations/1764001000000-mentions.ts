import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who is mentioned where, to be counted: `message_mentions` has a row for each user mentioned by a message, and one
 * (of the user 0) for all of them if it mentions everyone. What a user has not read is a range of its key.
 *
 * No foreign keys, as for `messages`. Rows outlive a membership: who comes back has read what was there before.
 */
export class Mentions1764001000000 implements MigrationInterface {
  name = 'Mentions1764001000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE messages ADD mentions_room boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`
      CREATE TABLE message_mentions (
        room_id    integer NOT NULL,
        user_id    integer NOT NULL,
        message_id bigint NOT NULL,
        author_id  integer NOT NULL,
        PRIMARY KEY (room_id, user_id, message_id)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE message_mentions`);
    await queryRunner.query(`ALTER TABLE messages DROP mentions_room`);
  }
}

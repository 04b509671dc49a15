import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody last sent a message in slow mode outlives a membership, or leaving and joining again would end the wait. */
export class SlowModeOutlivesMembership1764001200000 implements MigrationInterface {
  name = 'SlowModeOutlivesMembership1764001200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE room_slowed_authors (
        room_id      integer NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id      integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        last_sent_at timestamptz(3) NOT NULL,
        PRIMARY KEY (room_id, user_id)
      )`);
    await queryRunner.query(`
      INSERT INTO room_slowed_authors (room_id, user_id, last_sent_at)
      SELECT room_id, user_id, last_sent_at FROM room_members WHERE last_sent_at IS NOT NULL`);
    await queryRunner.query(`ALTER TABLE room_members DROP last_sent_at`);
  }

  /** What is known of those who have left is lost: the older schema has no place for it. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE room_members ADD last_sent_at timestamptz(3)`);
    await queryRunner.query(`
      UPDATE room_members m SET last_sent_at = s.last_sent_at FROM room_slowed_authors s
      WHERE s.room_id = m.room_id AND s.user_id = m.user_id`);
    await queryRunner.query(`DROP TABLE room_slowed_authors`);
  }
}

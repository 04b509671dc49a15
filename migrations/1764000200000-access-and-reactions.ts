import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an append has to ask about its author, and what people add to messages.
 *
 * `rooms.access_version` moves whenever somebody loses a right in the room. An append that finds it as its author's
 * rights were read under needs to ask nothing else, and it sees the newest one: the room's row is locked.
 * Bans and mutes outlive a membership, or leaving and joining again would end them.
 */
export class AccessAndReactions1764000200000 implements MigrationInterface {
  name = 'AccessAndReactions1764000200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE rooms ADD access_version integer NOT NULL DEFAULT 0`);
    await queryRunner.query(`ALTER TABLE room_members DROP muted_until, ADD last_sent_at timestamptz(3)`);
    await queryRunner.query(`
      CREATE TABLE room_restrictions (
        room_id    integer NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id    integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        kind       text NOT NULL,
        reason     text,
        ends_at    timestamptz(3),
        created_by integer REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id, kind),
        CONSTRAINT room_restrictions_kind CHECK (kind IN ('ban', 'mute'))
      )`);
    await queryRunner.query(`ALTER TABLE messages ADD reactions jsonb NOT NULL DEFAULT '[]'`);
    await queryRunner.query(
      `CREATE INDEX messages_pinned ON messages (room_id, id) WHERE pinned_at IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX messages_replies ON messages (room_id, reply_to_id, id) WHERE reply_to_id IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX messages_replies, messages_pinned`);
    await queryRunner.query(`ALTER TABLE messages DROP reactions`);
    await queryRunner.query(`DROP TABLE room_restrictions`);
    await queryRunner.query(`ALTER TABLE room_members DROP last_sent_at, ADD muted_until timestamptz(3)`);
    await queryRunner.query(`ALTER TABLE rooms DROP access_version`);
  }
}

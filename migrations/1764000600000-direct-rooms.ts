import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one direct room of two users, by their ids in order: the key keeps it the only one. */
export class DirectRooms1764000600000 implements MigrationInterface {
  name = 'DirectRooms1764000600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE direct_rooms (
        user_low  integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        user_high integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        room_id   integer NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        PRIMARY KEY (user_low, user_high),
        CONSTRAINT direct_rooms_order CHECK (user_low < user_high)
      )`);
    await queryRunner.query(`CREATE UNIQUE INDEX direct_rooms_room ON direct_rooms (room_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE direct_rooms`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Words are indexed beside the appends, by stretches of a room's messages, instead of by each append for each message.
 *
 * `search_stretches` has a row for some dozens of messages of a room that follow one another, with all their words. Its
 * index says where a word may be; a search then looks at the messages themselves. `search_backlog` says what is not in
 * there yet, written by whoever writes messages, with them. What is stored already is all backlog at first: the nodes
 * work it off, a million messages within a minute, and until then searches read what is left of it.
 *
 * New words wait in a list of at most 1 MB before they come into the index itself, which makes them cheaper by half.
 * Rows of the backlog live for a second, so it is tidied by their number and not by a share of them, and does not give back
 * what it will need again, for which every append would have to wait.
 */
export class SearchStretches1764001400000 implements MigrationInterface {
  name = 'SearchStretches1764001400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE search_backlog (
        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        room_id    integer NOT NULL,
        first_id   bigint NOT NULL,
        last_id    bigint NOT NULL,
        is_change  boolean NOT NULL DEFAULT false
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = off)`);
    await queryRunner.query(`
      CREATE TABLE search_stretches (
        room_id   integer NOT NULL,
        first_id  bigint NOT NULL,
        last_id   bigint NOT NULL,
        first_at  timestamptz(3) NOT NULL,
        last_at   timestamptz(3) NOT NULL,
        words     tsvector NOT NULL,
        PRIMARY KEY (room_id, first_id)
      )`);
    await queryRunner.query(`
      CREATE INDEX search_stretches_words ON search_stretches
      USING gin (${await roomColumn(queryRunner)}words) WITH (gin_pending_list_limit = 1024)`);
    await queryRunner.query(`
      INSERT INTO search_backlog (room_id, first_id, last_id)
      SELECT r.id, first_id, least(first_id + 499, r.last_message_id)
        FROM rooms r CROSS JOIN LATERAL generate_series(1, r.last_message_id, 500) AS first_id
       ORDER BY r.id, first_id`);
    await queryRunner.query(`DROP INDEX messages_search`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX messages_search ON messages
      USING gin (${await roomColumn(queryRunner)}to_tsvector('simple', search_words(content)))
      WHERE kind = 'user' AND deleted_at IS NULL`);
    await queryRunner.query(`DROP TABLE search_stretches, search_backlog`);
  }
}

/** With `room_id` in the index, a room is searched without the others counting. That takes `btree_gin`. */
async function roomColumn(queryRunner: QueryRunner): Promise<string> {
  const installed = (await queryRunner.query(
    `SELECT FROM pg_extension WHERE extname = 'btree_gin'`,
  )) as unknown[];
  return installed.length > 0 ? 'room_id, ' : '';
}

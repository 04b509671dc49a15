import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Searches for rooms by any part of their names, in any script, be it a single letter.
 *
 * `name_parts` has three letters from each place of a name, or what is left of it; `name_query` says which of these a name
 * must have that `part` stands in. `pg_trgm` does the like, but takes letters beyond ASCII for spaces where the locale of
 * the database is C, as the embedded one's is, and knows no parts of one or two letters. Whoever changes `name_parts` has
 * to make the index anew.
 *
 * New names go into the index at once (`fastupdate`): each search would go through a list of them. It has all rooms, since
 * a partial one does not tell PostgreSQL how common a part is; by that it chooses between this index and the rooms in order.
 */
export class RoomSearch1764001300000 implements MigrationInterface {
  name = 'RoomSearch1764001300000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION name_parts(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
      RETURN array_to_tsvector(ARRAY(
        SELECT substr(lowered, place, 3) FROM lower(name) AS lowered, generate_series(1, length(lowered)) AS place))`);
    await queryRunner.query(`
      CREATE FUNCTION name_query(part text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN (
        SELECT string_agg(
          '''' || replace(replace(substr(lowered, place, 3), '\\', '\\\\'), '''', '''''') || '''' ||
            CASE WHEN length(lowered) < 3 THEN ':*' ELSE '' END,
          ' & ')::tsquery
        FROM lower(part) AS lowered, generate_series(1, greatest(length(lowered) - 2, 1)) AS place)`);
    await queryRunner.query(`
      CREATE INDEX rooms_name_search ON rooms USING gin (name_parts(name)) WITH (fastupdate = off)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX rooms_name_search`);
    await queryRunner.query(`DROP FUNCTION name_query`);
    await queryRunner.query(`DROP FUNCTION name_parts`);
  }
}

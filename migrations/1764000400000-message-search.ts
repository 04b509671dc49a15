import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Full text search over messages, in any language: words are compared in lower case, without stems or stop words.
 *
 * `search_words` leaves the words of a text and turns everything between them into spaces. PostgreSQL's parser would
 * otherwise take `foo-bar`, `a@b.org` or `/usr/lib` for words of their own, which nobody finds by a part. It looks at
 * the first 20,000 characters, so that no message is more than a `tsvector` can hold. Whoever changes it has to make
 * the index anew.
 *
 * With `room_id` in the index, a room is searched without its size or the others counting. That takes `btree_gin`; a
 * PostgreSQL that does not have it still searches, more slowly.
 */
export class MessageSearch1764000400000 implements MigrationInterface {
  name = 'MessageSearch1764000400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION search_words(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN regexp_replace(lower(left(content, 20000)), '[[:punct:]]+', ' ', 'g')`);

    const available = (await queryRunner.query(
      `SELECT FROM pg_available_extensions WHERE name = 'btree_gin'`,
    )) as unknown[];
    if (available.length > 0) await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS btree_gin`);
    await queryRunner.query(`
      CREATE INDEX messages_search ON messages
      USING gin (${available.length > 0 ? 'room_id, ' : ''}to_tsvector('simple', search_words(content)))
      WHERE kind = 'user' AND deleted_at IS NULL`);
  }

  /** The extension stays: somebody else may have come to need it. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX messages_search`);
    await queryRunner.query(`DROP FUNCTION search_words`);
  }
}

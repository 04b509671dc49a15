import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is no word beside punctuation and symbols, in classes of a regular expression: white space that PostgreSQL's parser
 * takes for letters, and what turns characters into emoji. Its own white space is left out, or each space would be replaced.
 */
const BETWEEN = `[:punct:]\\u0085\\u00A0\\u1680\\u2000-\\u200B\\u2028\\u2029\\u202F\\u205F\\u2060\\u20E3\\u3000\\uFE00-\\uFE0F\\uFEFF\\U000E0020-\\U000E007F`;
/** They join letters, too, so they go only where they join nothing. */
const JOINERS = `\\u200C\\u200D`;
const BLANK = `[:space:]`;

/** Lower case has two letters of the Greek sigma. */
const LOWER = `replace(lower(left(content, 20000)), 'ς', 'σ')`;
const WORDS = `regexp_replace(${LOWER}, '[${BETWEEN}][${BETWEEN}${JOINERS}]*', ' ', 'g')`;
/** PostgreSQL leaves out words of over 2046 bytes. */
const SHORT_WORDS = `regexp_replace(${WORDS}, '([^${BLANK}]{250})[^${BLANK}]+', '\\1', 'g')`;

/**
 * More finds what it should: words beside any white space (as between Chinese words) or emoji, the beginning of a run of
 * more than 2046 bytes (as in scripts without spaces), and Greek words in any case. The search compares messages themselves
 * with what was typed, too: whatever `search_words` leaves of a word has to stand in it like that, but for its case and sigma.
 */
export class SearchWords1764001500000 implements MigrationInterface {
  name = 'SearchWords1764001500000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await replaceWords(queryRunner, `CASE WHEN length(content) <= 250 THEN ${WORDS} ELSE ${SHORT_WORDS} END`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replaceWords(queryRunner, `regexp_replace(lower(left(content, 20000)), '[[:punct:]]+', ' ', 'g')`);
  }
}

/** All messages are indexed anew, by the nodes. */
async function replaceWords(queryRunner: QueryRunner, expression: string): Promise<void> {
  await queryRunner.query(`
    CREATE OR REPLACE FUNCTION search_words(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ${expression}`);
  await queryRunner.query(`TRUNCATE search_stretches, search_backlog`);
  await queryRunner.query(`
    INSERT INTO search_backlog (room_id, first_id, last_id)
    SELECT r.id, first_id, least(first_id + 499, r.last_message_id)
      FROM rooms r CROSS JOIN LATERAL generate_series(1, r.last_message_id, 500) AS first_id
     ORDER BY r.id, first_id`);
}

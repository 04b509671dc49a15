import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What stands between words, in a class of a regular expression: punctuation and symbols; white space that PostgreSQL's
 * parser takes for letters (its own is left out, or each space would be replaced); what turns characters into emoji;
 * marks of direction and control characters.
 */
const BETWEEN =
  '[:punct:]' +
  String.raw`\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF` +
  String.raw`\u20E3\uFE00-\uFE0F\U000E0020-\U000E007F` +
  String.raw`\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069` +
  String.raw`\u0001-\u0008\u000E-\u001F\u007F-\u009F`;
/** They join letters, too, so they go only where they join nothing. */
const JOINERS = String.raw`\u200C\u200D`;

/** Lower case has two letters of the Greek sigma. */
const LOWER = `replace(lower(left(content, 20000)), 'ς', 'σ')`;
const WORDS = `regexp_replace(${LOWER}, '[${BETWEEN}]+', ' ', 'g')`;
/** Whether these are the words of a text, but for what takes longer to find out. */
const ARE_PLAIN = `length(content) <= 250 AND strpos(content, e'\\u200C') = 0 AND strpos(content, e'\\u200D') = 0`;

/**
 * More finds what it should: words beside any white space (as between Chinese words) or emoji, the beginning of a run of
 * more than 2046 bytes (as in scripts without spaces), of which PostgreSQL has no word, and Greek words in any case.
 *
 * The search compares messages themselves with what was typed, too: what `search_words` leaves of a word has to stand in
 * it like that, but for its case and sigma.
 */
export class SearchWords1764001500000 implements MigrationInterface {
  name = 'SearchWords1764001500000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // A function of its own: `search_words` is put into statements in place of its calls, and could not be with this in it.
    await queryRunner.query(`
      CREATE FUNCTION search_odd_words(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
      BEGIN
        IF words ~ '[${JOINERS}]' THEN
          words := regexp_replace(words, '(^|[[:space:]])[${JOINERS}]+|[${JOINERS}]+([[:space:]]|$)', ' ', 'g');
        END IF;
        IF words ~ '[^[:space:]]{251}' THEN
          words := (
            SELECT string_agg(left(word, 250), ' ' ORDER BY place)
              FROM regexp_split_to_table(words, '[[:space:]]+') WITH ORDINALITY AS run (word, place));
        END IF;
        RETURN words;
      END $$`);
    await replaceWords(
      queryRunner,
      `CASE WHEN ${ARE_PLAIN} THEN ${WORDS} ELSE search_odd_words(${WORDS}) END`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replaceWords(queryRunner, `regexp_replace(lower(left(content, 20000)), '[[:punct:]]+', ' ', 'g')`);
    await queryRunner.query(`DROP FUNCTION search_odd_words`);
  }
}

/** All messages are indexed anew, by the nodes. */
async function replaceWords(queryRunner: QueryRunner, expression: string): Promise<void> {
  await queryRunner.query(`
    CREATE OR REPLACE FUNCTION search_words(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ${expression}`);
  // The lock of the indexing, which would otherwise wait for this, and this for it.
  await queryRunner.query(`SELECT pg_advisory_xact_lock(7215830463)`);
  await queryRunner.query(`TRUNCATE search_stretches, search_backlog`);
  await queryRunner.query(`
    INSERT INTO search_backlog (room_id, first_id, last_id)
    SELECT r.id, first_id, least(first_id + 499, r.last_message_id)
      FROM rooms r CROSS JOIN LATERAL generate_series(1, r.last_message_id, 500) AS first_id
     ORDER BY r.id, first_id`);
}

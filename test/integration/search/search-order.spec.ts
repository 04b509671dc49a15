import { DataSource } from 'typeorm';
import { SystemClock } from '../../../src/common/clock';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import { type SearchFilter, SearchRepository } from '../../../src/search/search.repository';
import { indexAll, misplaced } from '../../support/search-index';
import { itBySeed, type SeededRandom } from '../../support/seeded';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase } from '../../support/test-database';

const ROOMS = 3;
const ROUNDS = 60;
const WORDS = [
  'the',
  'deploy',
  'friday',
  'fri',
  'deployment',
  ...Array.from({ length: 60 }, (_, n) => `seldom${n}`),
];

interface Said {
  roomId: number;
  id: number;
  authorId: number;
  words: string[];
  at: number;
}

/** The first are in every other message, the last in few. */
const someWords = (random: SeededRandom) =>
  Array.from({ length: 1 + random.below(3) }, () => WORDS[Math.floor(random.next() ** 3 * WORDS.length)]!);

const isNewer = (a: Said, b: Said) => a.at - b.at || a.roomId - b.roomId || a.id - b.id;

/** What a search has to find, by looking at everything. */
function wanted(
  said: readonly Said[],
  { text, roomId, authorId, before }: Omit<SearchFilter, 'readerId'>,
): Said[] {
  const asked = text.split(' ');
  const last = asked.pop()!;
  return said
    .filter(
      ({ words }) =>
        asked.every((word) => words.includes(word)) && words.some((word) => word.startsWith(last)),
    )
    .filter((one) => (roomId ?? one.roomId) === one.roomId && (authorId ?? one.authorId) === one.authorId)
    .filter(
      (one) =>
        !before ||
        isNewer(one, { ...one, at: Date.parse(before.time), roomId: before.roomId, id: before.messageId }) <
          0,
    )
    .sort((a, b) => isNewer(b, a));
}

describe('Searches among rooms that speak at the same time', () => {
  itBySeed('find what has the words, all of it, newest first, whatever is indexed', async (random) => {
    const database = await createTestDatabase();
    const config = aTestConfig({ databaseUrl: database.url });
    const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
    const index = new SearchIndexRepository(config);
    const searches = new SearchRepository(config, new SystemClock());
    await dataSource.query(
      `INSERT INTO rooms (id, name) SELECT n, 'room ' || n FROM generate_series(1, ${ROOMS}) n`,
    );
    const said: Said[] = [];
    const lengths = Array.from({ length: ROOMS }, () => 0);

    const say = async (one: Said) => {
      said.push(one);
      await dataSource.query(
        `WITH noted AS (INSERT INTO search_backlog (room_id, first_id, last_id) VALUES ($1, $2, $2))
         INSERT INTO messages (room_id, id, seq, user_id, content, created_at) VALUES ($1, $2, $2, $3, $4, $5)`,
        [one.roomId, one.id, one.authorId, one.words.join(' '), new Date(one.at)],
      );
    };
    const reword = async (one: Said) => {
      one.words = random.below(3) === 0 ? [] : someWords(random);
      await dataSource.query(
        `WITH noted AS (INSERT INTO search_backlog (room_id, first_id, last_id, is_change) VALUES ($1, $2, $2, true))
         UPDATE messages SET content = $3, deleted_at = CASE WHEN $3::text IS NULL THEN now() END
          WHERE room_id = $1 AND id = $2`,
        [one.roomId, one.id, one.words.length > 0 ? one.words.join(' ') : null],
      );
    };

    for (let round = 0; round < ROUNDS; round++) {
      for (let n = random.below(40); n > 0; n--) {
        // Times go back and forth a little, and are often the same.
        const roomId = 1 + random.below(ROOMS);
        const at = Date.UTC(2026, 0, 1) + 1000 * (round * 10 + random.below(30));
        const id = ++lengths[roomId - 1]!;
        await say({ roomId, id, authorId: 1 + random.below(3), words: someWords(random), at });
      }
      for (let n = random.below(8); n > 0 && said.length > 0; n--) {
        const one = random.pick(said);
        if (one.words.length > 0) await reword(one);
      }
      if (random.below(3) > 0) await index.takeIn(random.below(200));
      if (random.below(10) === 0) await indexAll(index);
      expect(await misplaced(dataSource)).toEqual([]);

      const filter: Omit<SearchFilter, 'readerId' | 'before'> = {
        text: [...someWords(random).slice(1), random.pick(WORDS).slice(0, 3 + random.below(6))].join(' '),
        limit: 1 + random.below(20),
        ...(random.below(3) === 0 && { roomId: 1 + random.below(ROOMS) }),
        ...(random.below(3) === 0 && { authorId: 1 + random.below(3) }),
      };
      let before: SearchFilter['before'];
      do {
        const found = await searches.find({ ...filter, readerId: 1, before });
        const expected = wanted(said, { ...filter, before }).slice(0, filter.limit);
        expect([filter, before, found.map((m) => [m.room_id, m.id])]).toEqual([
          filter,
          before,
          expected.map((one) => [one.roomId, one.id]),
        ]);
        const last = found.at(-1);
        before = last && { time: last.created_at, roomId: last.room_id, messageId: last.id };
      } while (before);
    }

    await searches.onApplicationShutdown();
    await index.onApplicationShutdown();
    await dataSource.destroy();
    await database.drop();
  });
});

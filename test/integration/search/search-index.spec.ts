import { DataSource } from 'typeorm';
import { MessageRepository } from '../../../src/chat/message.repository';
import { PostgresRoomLog } from '../../../src/chat/postgres-room-log';
import { SystemClock } from '../../../src/common/clock';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import { aDeletion, aDraft, anEdit, aPin, aReaction } from '../../support/a-message';
import { indexAll, misplaced, stretchesOf } from '../../support/search-index';
import { aTestConfig } from '../../support/test-config';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const ROOMS = 100;

let database: TestDatabase;
let dataSource: DataSource;
let log: PostgresRoomLog;
let index: SearchIndexRepository;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = aTestConfig({ databaseUrl: database.url });
  dataSource = await new DataSource(dataSourceOptions(config)).initialize();
  log = new PostgresRoomLog(config, new MessageRepository(dataSource, new SystemClock()));
  index = new SearchIndexRepository(config);
});
beforeEach(async () => {
  await dataSource.query('TRUNCATE rooms, messages, search_backlog, search_stretches CASCADE');
  await dataSource.query(
    `INSERT INTO rooms (id, name) SELECT n, 'room ' || n FROM generate_series(1, $1) n`,
    [ROOMS],
  );
});
afterAll(async () => {
  await log.onApplicationShutdown();
  await index.onApplicationShutdown();
  await dataSource.destroy();
  await database.drop();
});

/** Messages of a room that say `word`, or their number. */
const say = (count: number, roomId = 1, word?: string) =>
  log.append(
    Array.from({ length: count }, (_, n) =>
      aDraft({ roomId, content: `${word ?? `number${n + 1}`}, they said` }),
    ),
  );

/** How many messages wait, by room. */
async function waiting(): Promise<Record<number, number>> {
  const rows = await dataSource.query<{ room_id: number; size: number }[]>(
    `SELECT room_id, sum(last_id - first_id + 1)::int AS size FROM search_backlog GROUP BY room_id`,
  );
  return Object.fromEntries(rows.map(({ room_id, size }) => [room_id, size]));
}

const idsOf = async () => (await stretchesOf(dataSource)).map(({ ids }) => ids);
const wordsOf = async (place = 0) => (await stretchesOf(dataSource))[place]!.words;

describe("The search's index", () => {
  it('takes a room in once it has enough to say', async () => {
    await say(31);
    await index.takeIn();
    const before = await idsOf();
    await say(1);
    await index.takeIn();

    expect(before).toEqual([]);
    expect(await idsOf()).toEqual([[1, 32]]);
    expect(await waiting()).toEqual({});
  });

  it.each([
    [63, [[1, 63]]],
    [
      64,
      [
        [1, 32],
        [33, 64],
      ],
    ],
    [
      100,
      [
        [1, 34],
        [35, 67],
        [68, 100],
      ],
    ],
  ])('has rows of 32 to 63 messages: of %i', async (count, ids) => {
    await say(count);
    await index.takeIn();

    expect(await idsOf()).toEqual(ids);
  });

  it('has each word once', async () => {
    await say(40);
    await index.takeIn();

    const words = ['said', 'they', ...Array.from({ length: 40 }, (_, n) => `number${n + 1}`)];
    expect(await wordsOf()).toEqual(words.sort());
  });

  it('leaves rooms of few messages for later as long as those are few, and the smallest longest', async () => {
    for (let roomId = 1; roomId <= ROOMS; roomId++) await say(roomId <= 90 ? 20 : 25, roomId);
    await index.takeIn();
    const before = await waiting();
    await say(1, 91);
    await index.takeIn();

    // 90 × 20 and 8 × 25 are 2000.
    expect(Object.values(before).reduce((sum, size) => sum + size)).toBe(2000);
    expect(Object.keys(before)).toHaveLength(98);
    expect((await waiting())[91]).toBeUndefined();
  });

  it('takes two thousand messages or so at a time, of each room the oldest', async () => {
    for (let n = 0; n < 60; n++) await say(50, 1 + (n % 2));

    const messages: number[] = [];
    for (let taken = await index.takeIn(); taken; taken = await index.takeIn()) {
      messages.push(taken);
      expect(await misplaced(dataSource)).toEqual([]);
    }

    expect(messages).toEqual([2000, 1000]);
  });

  it('has the words of a message as they are, soon after', async () => {
    await say(40, 1, 'first');
    await index.takeIn();
    await log.append([anEdit({ messageId: 7, content: 'second thoughts' })]);
    await index.takeIn();
    const edited = await wordsOf();
    await log.append([aDeletion({ messageId: 7 })]);
    await index.takeIn();

    expect(edited).toEqual(['first', 'said', 'second', 'they', 'thoughts']);
    expect(await wordsOf()).toEqual(['first', 'said', 'they']);
    expect(await waiting()).toEqual({});
    expect(await idsOf()).toEqual([[1, 40]]);
  });

  it('forgets the words of a room in which everything has been deleted', async () => {
    await say(32, 1, 'gone');
    await index.takeIn();
    await log.append(Array.from({ length: 32 }, (_, n) => aDeletion({ messageId: n + 1 })));
    await index.takeIn();

    expect(await stretchesOf(dataSource)).toEqual([]);
  });

  it('takes in what was changed before it came to it', async () => {
    await say(3, 1, 'first');
    await log.append([anEdit({ messageId: 2, content: 'second' }), aDeletion({ messageId: 3 })]);
    await index.takeIn();
    const before = [await waiting(), await idsOf()];
    await index.takeIn(0);

    expect(before).toEqual([{ 1: 3 }, []]);
    expect(await stretchesOf(dataSource)).toEqual([
      { roomId: 1, ids: [1, 2], words: ['first', 'said', 'second', 'they'] },
    ]);
  });

  it('makes the last row of a room longer while it is short, unless what comes is little beside it', async () => {
    const lengths: unknown[] = [];
    for (const count of [2, 1, 10, 40, 1, 1, 7, 1, 1, 1]) {
      await say(count);
      await index.takeIn(0);
      lengths.push((await idsOf()).map(([first, last]) => last - first + 1));
      expect(await misplaced(dataSource)).toEqual([]);
    }

    expect(lengths).toEqual([
      [2],
      [3],
      [13],
      [53],
      [53, 1],
      [53, 2],
      [53, 9],
      [53, 9, 1],
      [53, 9, 2],
      [53, 9, 3],
    ]);
  });

  it('makes a changed row again by itself, or with what follows it', async () => {
    await say(100, 1, 'first');
    await index.takeIn();
    await say(32, 1, 'later');
    await log.append([anEdit({ messageId: 50, content: 'changed' }), aDeletion({ messageId: 100 })]);
    await index.takeIn();

    expect(await idsOf()).toEqual([
      [1, 34],
      [35, 67],
      [68, 99],
      [101, 132],
    ]);
    expect(await wordsOf(1)).toEqual(['changed', 'first', 'said', 'they']);
    expect(await misplaced(dataSource)).toEqual([]);
  });

  it('takes few changes at a time, since each is a row of many messages', async () => {
    await say(40 * 32);
    await index.takeIn();
    await log.append(Array.from({ length: 40 }, (_, n) => anEdit({ messageId: 32 * n + 1 })));

    expect([await index.takeIn(), await index.takeIn(), await index.takeIn()]).toEqual([2048, 512, 0]);
  });

  it('has nothing to do with what leaves the words as they are', async () => {
    await say(32);
    await index.takeIn();
    await log.append([aReaction(), aPin(), anEdit({ content: 'number1, they said' })]);

    expect(await waiting()).toEqual({});
  });

  it('holds long messages of nothing but different words', async () => {
    const letter = (n: number) => String.fromCodePoint(0x20000 + (n % 40_000));
    const content = (n: number) =>
      Array.from({ length: 7000 }, (_, m) => letter(m * 40 + n) + letter(m)).join(' ');
    await log.append(Array.from({ length: 40 }, (_, n) => aDraft({ content: content(n) })));
    await index.takeIn();

    expect(await waiting()).toEqual({});
    expect((await idsOf()).length).toBeGreaterThan(10);
    expect(await misplaced(dataSource)).toEqual([]);
  });

  it('holds what short messages become when they are edited', async () => {
    const letter = (n: number) => String.fromCodePoint(0x20000 + (n % 40_000));
    const content = (n: number) =>
      Array.from({ length: 2000 }, (_, m) => letter(m * 63 + n) + letter(m)).join(' ');
    await say(63);
    await index.takeIn();
    await log.append(Array.from({ length: 63 }, (_, n) => anEdit({ messageId: n + 1, content: content(n) })));
    await indexAll(index);

    expect((await idsOf()).length).toBeGreaterThan(20);
    expect(await misplaced(dataSource)).toEqual([]);
  });

  it('is written by one at a time', async () => {
    await say(500);

    const nodes = Array.from(
      { length: 4 },
      () => new SearchIndexRepository(aTestConfig({ databaseUrl: database.url })),
    );

    const taken = await Promise.all(nodes.map((node) => node.takeIn()));
    await Promise.all(nodes.map((node) => node.onApplicationShutdown()));

    expect(taken.filter(Boolean)).toEqual([500]);
    expect(await misplaced(dataSource)).toEqual([]);
  });

  it('stays as it was if it cannot be written, and so does what waits', async () => {
    await say(64);
    await dataSource.query('ALTER TABLE search_stretches ADD CONSTRAINT refused CHECK (first_id < 33)');
    await expect(index.takeIn()).rejects.toThrow('refused');
    const before = [await waiting(), await idsOf()];
    await dataSource.query('ALTER TABLE search_stretches DROP CONSTRAINT refused');
    await indexAll(index);

    expect(before).toEqual([{ 1: 64 }, []]);
    expect(await idsOf()).toHaveLength(2);
  });
});
